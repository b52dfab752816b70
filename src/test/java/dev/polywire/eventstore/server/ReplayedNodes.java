package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/** The nodes of a recording: one, or in {@code cluster-*} the leader of three and the follower that was asked. */
final class ReplayedNodes {

    /** After a leader is killed the nodes elect another one; until the third one has noticed that, nothing is committed. */
    private static final long ELECTED_MILLIS = 50;

    private static final long FOLLOWED_MILLIS = 2_700;

    private final EventStoreDatabase database;
    private final EventStoreNode leader;
    private final EventStoreNode asked;

    ReplayedNodes(EventStoreDatabase database, String recording) {
        this.database = database;
        if (recording.contains("/cluster-")) {
            EventStoreCluster cluster = new EventStoreCluster(database);
            leader = node(cluster, 3113);
            EventStoreNode follower = node(cluster, 3313);
            node(cluster, 3213);
            asked = recording.contains("/cluster-master-require-") ? leader : follower;
            hadStatistics();
        } else {
            leader = new EventStoreNode(database);
            asked = leader;
        }
    }

    private static EventStoreNode node(EventStoreCluster cluster, int port) {
        EventStoreNode made = new EventStoreNode(cluster, new UUID(0, port));
        made.address(new NodeAddress("127.0.0.1", port, 0, port + 1));
        return made;
    }

    /** The recorded leader had written statistics before anything else, with metadata for their stream. */
    private void hadStatistics() {
        String stream = "$stats-127.0.0.1:3114";
        had("$$" + stream, "323030ed-121b-49cd-9553-708bb9b103cf", "$metadata", "{\"$maxAge\":864000}");
        had(stream, "00000000-0000-0000-0000-000000000001", "$statsCollected", "{}");
    }

    private void had(String stream, String id, String type, String data) {
        NewEvent event = new NewEvent(UUID.fromString(id), type, NewEvent.JSON, Buffer.buffer(data), Buffer.buffer());
        database.store().write(stream, -1, List.of(event));
    }

    /** To which a connection of the recording goes: others than the first one were made with the leader. */
    EventStoreNode of(int connection) {
        return connection == 1 ? asked : leader;
    }

    void leaderIsKilled() {
        leader.reachable(false);
        database.agenda().later(ELECTED_MILLIS, () -> {
            asked.role(NodeRole.LEADER);
            asked.cluster().majority(false);
        });
        database.agenda().later(FOLLOWED_MILLIS, () -> asked.cluster().majority(true));
    }
}
