/**
 * Many Bolt connections: a pool for each server ({@link dev.polywire.bolt.session.BoltPool}), the routing table of a cluster
 * ({@link dev.polywire.bolt.session.BoltRouter}), and transactions that can be repeated
 * ({@link dev.polywire.bolt.session.BoltSession}). Start with {@link dev.polywire.bolt.session.BoltClient}.
 */
@NullMarked
package dev.polywire.bolt.session;

import org.jspecify.annotations.NullMarked;
