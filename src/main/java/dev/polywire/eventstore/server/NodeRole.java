package dev.polywire.eventstore.server;

/** What a node of a cluster is at the moment. A test sets it; nobody is elected. */
public enum NodeRole {
    /** Does everything. There is at most one. */
    LEADER("Master", "Leader"),
    /** Reads by itself, has the leader write, and refuses what only a leader may do. Without a leader it is like one not ready. */
    FOLLOWER("Slave", "Follower"),
    /** Since 20.6: like a follower, but it refuses writes. Read in the server's source, not seen. */
    READ_ONLY_REPLICA("ReadOnlyReplica", "ReadOnlyReplica"),
    /** Knows no leader and no user yet: reads for anonymous clients, and refuses the rest. */
    NOT_READY("Unknown", "Unknown");

    private final String before20;
    private final String since20;

    NodeRole(String before20, String since20) {
        this.before20 = before20;
        this.since20 = since20;
    }

    /** As gossip says it. */
    String state(ServerVersion version) {
        return version.isAtLeast(ServerVersion.V20_10) ? since20 : before20;
    }
}
