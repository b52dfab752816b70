/**
 * A Bolt server: any Neo4j driver asks, an object answers. Start with {@link dev.polywire.bolt.server.BoltServer} and
 * {@link dev.polywire.bolt.server.BoltHandler}.
 */
@NullMarked
package dev.polywire.bolt.server;

import org.jspecify.annotations.NullMarked;
