/** Streams of events in memory, as an EventStore server keeps them: who may do what, what a write finds, what a read gives. No bytes, no sockets. */
@NullMarked
package dev.polywire.eventstore.store;

import org.jspecify.annotations.NullMarked;
