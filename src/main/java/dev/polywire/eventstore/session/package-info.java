/** A client of EventStore that keeps its connection, sends again what may be sent again, and goes on where it was. */
@NullMarked
package dev.polywire.eventstore.session;

import org.jspecify.annotations.NullMarked;
