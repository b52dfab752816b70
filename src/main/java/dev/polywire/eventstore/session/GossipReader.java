package dev.polywire.eventstore.session;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.net.HttpResponse;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ClusterMember;
import dev.polywire.eventstore.wire.MemberAddress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node says about all of them, in the shape of 5.x or in that of 20.6 and later, which differ in the names of HTTP's address. Fields
 * that are not known are passed over; those that are have the right type, or the answer is none.
 */
final class GossipReader {

    /** Many times what a cluster has; more are passed over. */
    static final int MAX_MEMBERS = 64;

    private static final int OK = 200;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_VALUES = 100_000;
    private static final StrictJson JSON = new StrictJson(16, MAX_VALUES);

    private GossipReader() {}

    /** @throws ProtocolException DECODE for another status, or another document */
    static List<ClusterMember> read(HttpResponse answer) {
        if (answer.status() != OK) {
            throw ProtocolException.decode("gossip: status " + answer.status() + " (expected: 200)");
        }
        return read(answer.body());
    }

    static List<ClusterMember> read(Buffer document) {
        try {
            if (!(JSON.read(document) instanceof JsonObject gossip)) {
                throw ProtocolException.decode("gossip: no object (expected: one with members)");
            }
            return Fields.at("gossip", gossip).objects("members").stream()
                    .limit(MAX_MEMBERS)
                    .map(GossipReader::member)
                    .toList();
        } catch (FieldException | IllegalArgumentException bad) {
            throw ProtocolException.decode("gossip: " + bad.getMessage());
        }
    }

    private static ClusterMember member(Fields member) {
        String host = member.textOrNull("externalTcpIp");
        boolean since20 = member.has("httpEndPointIp");
        return new ClusterMember(
                member.text("state"),
                member.flag("isAlive", false),
                address(member, host, "externalTcpPort"),
                address(member, host, "externalSecureTcpPort"),
                since20
                        ? address(member, member.textOrNull("httpEndPointIp"), "httpEndPointPort")
                        : address(member, member.textOrNull("externalHttpIp"), "externalHttpPort"),
                member.flag("isReadOnlyReplica", false));
    }

    /** A port of 0 is no listener. */
    private static @Nullable MemberAddress address(Fields member, @Nullable String host, String name) {
        int port = member.int32(name, 0, 0, MAX_PORT);
        return host == null || host.isEmpty() || port == 0 ? null : new MemberAddress(host, port);
    }
}
