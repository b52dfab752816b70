/**
 * Joining a cluster: Hazelcast finds the members, and the event bus between them requires a certificate of each. Start
 * with {@link dev.polywire.app.cluster.ClusterOptions}, which refuses settings that would admit other machines.
 */
@NullMarked
package dev.polywire.app.cluster;

import org.jspecify.annotations.NullMarked;
