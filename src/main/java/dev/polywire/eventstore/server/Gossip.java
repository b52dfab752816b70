package dev.polywire.eventstore.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a node tells about all of them: in the shape of 5.x, or in that of 20.6 and later. */
final class Gossip {

    private static final UUID NO_EPOCH = new UUID(0, 0);

    private final EventStoreNode asked;
    private final EventStoreCluster cluster;
    private final EventStoreDatabase database;
    private final boolean since20;

    Gossip(EventStoreNode asked) {
        this.asked = asked;
        this.cluster = asked.cluster();
        this.database = asked.database();
        this.since20 = database.version().isAtLeast(ServerVersion.V20_10);
    }

    Buffer document() {
        JsonArray members = new JsonArray();
        cluster.nodes().forEach(node -> members.add(member(node)));
        return new JsonObject()
                .put("members", members)
                .put("serverIp", asked.address().host())
                .put("serverPort", asked.address().httpPort())
                .toBuffer();
    }

    private JsonObject member(EventStoreNode node) {
        NodeAddress at = node.address();
        JsonObject member = new JsonObject()
                .put("instanceId", node.instanceId().toString())
                .put("timeStamp", Instant.ofEpochMilli(database.epochMillis()).toString())
                .put(
                        "state",
                        node.isReachable()
                                ? node.role().state(database.version())
                                : NodeRole.NOT_READY.state(database.version()))
                .put("isAlive", node.isReachable())
                // Nodes need no listeners for each other here: those for clients stand in their place.
                .put("internalTcpIp", at.host())
                .put("internalTcpPort", at.tcpPort())
                .put("internalSecureTcpPort", at.secureTcpPort())
                .put("externalTcpIp", at.host())
                .put("externalTcpPort", at.tcpPort())
                .put("externalSecureTcpPort", at.secureTcpPort());
        for (String http : since20 ? new String[] {"httpEndPoint"} : new String[] {"internalHttp", "externalHttp"}) {
            member.put(http + "Ip", at.host()).put(http + "Port", at.httpPort());
        }
        long end = database.store().lastCommit();
        member.put("lastCommitPosition", end)
                .put("writerCheckpoint", Math.max(0, end))
                .put("chaserCheckpoint", Math.max(0, end))
                .put("epochPosition", 0)
                .put("epochNumber", cluster.epoch())
                .put("epochId", epochId(cluster.leader()).toString())
                .put("nodePriority", 0);
        return since20 ? member.put("isReadOnlyReplica", node.role() == NodeRole.READ_ONLY_REPLICA) : member;
    }

    /** One for each time that somebody leads. */
    private UUID epochId(@Nullable EventStoreNode leader) {
        return leader == null ? NO_EPOCH : new UUID(leader.instanceId().getMostSignificantBits(), cluster.epoch());
    }
}
