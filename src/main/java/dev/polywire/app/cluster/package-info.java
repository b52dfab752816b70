/**
 * Joining a cluster: Hazelcast finds the members, and the event bus between them demands a certificate of everybody. Start
 * with {@link dev.polywire.app.cluster.ClusterOptions}, which refuses what would let strangers in.
 */
@NullMarked
package dev.polywire.app.cluster;

import org.jspecify.annotations.NullMarked;
