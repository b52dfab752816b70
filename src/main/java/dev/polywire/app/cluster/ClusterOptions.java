package dev.polywire.app.cluster;

import dev.polywire.core.json.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a node of a cluster.
 *
 * @param name separates clusters: nodes join only members with the same name; default {@code polywire}
 * @param host this node's own address, and the only one it listens on: loopback or private; default 127.0.0.1
 * @param port the port for the other members, 1 to 65535, default 5701
 * @param busPort the port for messages of the bus, 0 to 65535, default 0: the system chooses
 * @param members the addresses of members, {@code address:port}; this node may be among them
 * @param tls the event bus's certificates; null only with {@code insecure}
 * @param insecure whether every machine that reaches the bus may send messages; default false
 */
public record ClusterOptions(
        String name,
        String host,
        int port,
        int busPort,
        List<String> members,
        @Nullable Tls tls,
        boolean insecure) {

    private static final int FIRST_PORT = 5_701;
    private static final String NAME = "[A-Za-z0-9._-]{1,100}";

    /**
     * Mutual TLS between the nodes, by PEM files. Certificates prove membership, so no host names are compared.
     *
     * @param trust the authority that signs the certificates of members, and no others
     * @param certificate this node's certificate
     * @param key its private key
     */
    public record Tls(String trust, String certificate, String key) {

        private static Tls fromJson(Fields json) {
            Tls tls = new Tls(json.text("trust"), json.text("certificate"), json.text("key"));
            json.done();
            return tls;
        }
    }

    /** Whether Hazelcast's cluster manager is on the class path. */
    public static boolean canJoin() {
        return ClusterOptions.class
                        .getClassLoader()
                        .getResource("io/vertx/spi/cluster/hazelcast/HazelcastClusterManager.class")
                != null;
    }

    /**
     * Reads the whole object. There is no setting for multicast, for listening on all addresses or for trusting all peers.
     *
     * @throws dev.polywire.core.json.FieldException also when both {@code tls} and {@code insecure: true} are missing
     */
    public static ClusterOptions fromJson(Fields json) {
        String name = json.text("name", "polywire");
        if (!name.matches(NAME)) {
            throw json.complaint("name", "not usable (expected: 1 to 100 of A-Z a-z 0-9 . _ -)");
        }
        String host = PrivateAddress.require(json.complaint("host", "").path(), json.text("host", "127.0.0.1"));
        ClusterOptions options = new ClusterOptions(
                name,
                host,
                json.int32("port", FIRST_PORT, 1, 65_535),
                json.int32("busPort", 0, 0, 65_535),
                members(json),
                json.has("tls") ? Tls.fromJson(json.object("tls")) : null,
                json.flag("insecure", false));
        json.done();
        if (options.tls == null && !options.insecure) {
            throw json.complaint(
                    "tls",
                    "missing (expected: trust, certificate and key; or insecure: true,"
                            + " with which everybody who reaches the bus may send messages)");
        }
        if (options.tls != null && options.insecure) {
            throw json.complaint("insecure", "true beside tls (expected: one of both)");
        }
        return options;
    }

    private static List<String> members(Fields json) {
        List<String> members = new ArrayList<>();
        for (String member : json.texts("members")) {
            String field = "members[" + members.size() + "]";
            String[] parts = member.split(":", -1);
            if (parts.length != 2 || !parts[1].matches("[0-9]{1,5}") || !isPort(Integer.parseInt(parts[1]))) {
                throw json.complaint(field, "not usable (expected: address:port)");
            }
            PrivateAddress.require(json.complaint(field, "").path(), parts[0]);
            members.add(member);
        }
        return List.copyOf(members);
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65_535;
    }
}
