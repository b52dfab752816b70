/**
 * A Bolt server: accepts any Neo4j driver, and lets an object answer its requests. Start with
 * {@link dev.polywire.bolt.server.BoltServer} and {@link dev.polywire.bolt.server.BoltHandler}.
 */
@NullMarked
package dev.polywire.bolt.server;

import org.jspecify.annotations.NullMarked;
