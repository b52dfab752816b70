/** A client's connection to an EventStore server: calls with one answer, and conversations with many, by correlation id. */
@NullMarked
package dev.polywire.eventstore.client;

import org.jspecify.annotations.NullMarked;
