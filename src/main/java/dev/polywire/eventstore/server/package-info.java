/** An EventStore server in memory, for tests and first steps: what its clients ask over TCP, and nodes that refuse as a cluster's do. */
@NullMarked
package dev.polywire.eventstore.server;

import org.jspecify.annotations.NullMarked;
