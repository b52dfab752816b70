package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's answer to the hello (handshake specification). Fields that a server leaves out have the specification's
 * defaults.
 *
 * @param maxBsonObjectSizeBytes largest document, default 16 MiB
 * @param maxMessageSizeBytes largest message, default 48 000 000; as announced, which may be more than we ever use
 * @param maxWriteBatchSize most documents in one write, default 100 000
 * @param helloOk the server supports {@code hello}
 * @param writablePrimary the server accepts writes
 * @param setName the replica set's name; null: not in one
 * @param primary {@code host:port} of the primary, if it knows one
 * @param msg {@code isdbgrid}: a mongos
 * @param logicalSessionTimeoutMinutes null: no sessions
 * @param compression the compressors we share, by the server's choice
 * @param saslSupportedMechs the mechanisms for the user that we named
 * @param speculativeAuthenticate the first answer of authentication: secret
 * @param topologyVersion as received, to be sent back
 * @param serviceId hexadecimal; behind a load balancer only
 */
public record HelloReply(
        int maxBsonObjectSizeBytes,
        int maxMessageSizeBytes,
        int maxWriteBatchSize,
        int minWireVersion,
        int maxWireVersion,
        boolean helloOk,
        boolean writablePrimary,
        @Nullable String setName,
        List<String> hosts,
        @Nullable String primary,
        @Nullable String msg,
        @Nullable Integer logicalSessionTimeoutMinutes,
        @Nullable Long connectionId,
        List<String> compression,
        List<String> saslSupportedMechs,
        @Nullable Buffer speculativeAuthenticate,
        @Nullable Buffer topologyVersion,
        @Nullable String serviceId) {

    /** MongoDB 3.6, the first with OP_MSG. */
    public static final int LEAST_WIRE_VERSION = 6;
    /** The newest version whose rules we follow. */
    public static final int MOST_WIRE_VERSION = 29;

    /**
     * @throws ProtocolException FRAMING for sizes below 1 and for wire versions that we do not support: such a server is
     *     unusable
     */
    public HelloReply {
        atLeastOne("maxBsonObjectSize", maxBsonObjectSizeBytes);
        atLeastOne("maxMessageSizeBytes", maxMessageSizeBytes);
        atLeastOne("maxWriteBatchSize", maxWriteBatchSize);
        if (minWireVersion > maxWireVersion
                || minWireVersion > MOST_WIRE_VERSION
                || maxWireVersion < LEAST_WIRE_VERSION) {
            throw ProtocolException.framing("wire versions: " + minWireVersion + " to " + maxWireVersion
                    + " (expected: some of " + LEAST_WIRE_VERSION + " to " + MOST_WIRE_VERSION + ")");
        }
        hosts = List.copyOf(hosts);
        compression = List.copyOf(compression);
        saslSupportedMechs = List.copyOf(saslSupportedMechs);
    }

    /** Whether the server is a member of a replica set: neither alone, nor a mongos. */
    public boolean isMember() {
        return setName != null && !"isdbgrid".equals(msg);
    }

    /** Whether a reply has {@code ok: 1}. */
    public static boolean isOk(Buffer checked) {
        BsonElements elements = new BsonElements(checked, 0);
        while (elements.next()) {
            if (elements.is("ok")) {
                return elements.isTrue();
            }
        }
        return false;
    }

    /**
     * Reads the answer to a hello.
     *
     * @param checked a document that has passed {@link BsonBounds#check}
     * @throws ProtocolException FRAMING as the constructor, DECODE for a field of the wrong type
     */
    public static HelloReply read(Buffer checked) {
        return new HelloReader(checked).read();
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw ProtocolException.framing(name + ": " + value + " (expected: >= 1)");
        }
    }

    /** Without the authentication's answer. */
    @Override
    public String toString() {
        return "HelloReply[wireVersions=" + minWireVersion + ".." + maxWireVersion + ", setName=" + setName
                + ", primary=" + primary + ", writablePrimary=" + writablePrimary + ", msg=" + msg + "]";
    }
}
