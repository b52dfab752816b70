/**
 * An EventStore server in memory, for tests and first steps: what its clients ask over TCP, and nodes that refuse as a cluster's do.
 * {@link dev.polywire.eventstore.server.LocalEventStore} is it in three lines of a test;
 * {@link dev.polywire.eventstore.server.EventStoreServer} is to be read first.
 *
 * <pre>
 *   StoreConnection (socket) -&gt; ClientFaults -&gt; StoreSession -&gt; EventStoreNode (role) -&gt; Writes, Reads, ... on one EventStoreDatabase
 * </pre>
 */
@NullMarked
package dev.polywire.eventstore.server;

import org.jspecify.annotations.NullMarked;
