package dev.polywire.mongodb.server;

import dev.polywire.mongodb.wire.MessageHeader;
import java.util.Map;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonValue;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in its answer to a hello (handshake specification): any fields, in any order, of any value. The
 * server sends them as they are, with these exceptions:
 *
 * <pre>
 *   isWritablePrimary   is called ismaster when it was asked by the old name
 *   helloOk             only to who says it, too
 *   connectionId        the number of the connection
 *   localTime           the time
 *   topologyVersion     its counter is one more after each change
 * </pre>
 *
 * <p>{@code compression}, {@code saslSupportedMechs} and {@code speculativeAuthenticate} are added as the client has asked, and
 * {@code ok} at the end.
 */
public final class HelloFields {

    /** The counter behind it is one more after each change. */
    public static final String TOPOLOGY_VERSION = "topologyVersion";

    static final String MAX_MESSAGE_BYTES = "maxMessageSizeBytes";
    static final String MAX_DOCUMENT_BYTES = "maxBsonObjectSize";
    static final String MAX_BATCH = "maxWriteBatchSize";

    private static final ObjectId PROCESS = new ObjectId("000000000000000000000001");

    private final BsonDocument fields;

    private HelloFields(BsonDocument fields) {
        this.fields = fields;
    }

    /** A server of today (8.0) that is in no set. */
    public static HelloFields standalone() {
        return new HelloFields(new BsonDocument())
                .with("helloOk", BsonBoolean.TRUE)
                .with("isWritablePrimary", BsonBoolean.TRUE)
                .with(MAX_DOCUMENT_BYTES, new BsonInt32(16 * 1024 * 1024))
                .with(MAX_MESSAGE_BYTES, new BsonInt32(MessageHeader.MAX_MESSAGE_BYTES))
                .with(MAX_BATCH, new BsonInt32(100_000))
                .with("localTime", new BsonDateTime(0))
                .with("logicalSessionTimeoutMinutes", new BsonInt32(30))
                .with("connectionId", new BsonInt32(0))
                .with("minWireVersion", new BsonInt32(0))
                .with("maxWireVersion", new BsonInt32(ScriptedHello.MAX_WIRE_VERSION))
                .with("readOnly", BsonBoolean.FALSE);
    }

    /** The same and {@code topologyVersion}, so that clients may wait for changes. */
    public HelloFields watched() {
        return with(
                TOPOLOGY_VERSION,
                new BsonDocument("processId", new BsonObjectId(PROCESS)).append("counter", new BsonInt64(0)));
    }

    /** The same with one field. @param value null: without it */
    public HelloFields with(String name, @Nullable BsonValue value) {
        BsonDocument changed = new BsonDocument();
        changed.putAll(fields);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new HelloFields(changed);
    }

    /** Null: it is not said. */
    @Nullable
    BsonValue get(String name) {
        return fields.get(name);
    }

    /** A size that it says, but at most {@code most}; {@code most} when it says none that is positive. */
    int size(String name, int most) {
        BsonValue size = fields.get(name);
        int value = size != null && size.isNumber() ? size.asNumber().intValue() : 0;
        return value > 0 ? Math.min(value, most) : most;
    }

    /** The answer without what depends on the client's question. @param changes since the server's start */
    BsonDocument answer(boolean byOldName, boolean helloOk, int connection, long nowMillis, long changes) {
        BsonDocument answer = new BsonDocument();
        for (Map.Entry<String, BsonValue> each : fields.entrySet()) {
            String name = each.getKey();
            BsonValue value = each.getValue();
            switch (name) {
                case "isWritablePrimary" -> answer.put(byOldName ? "ismaster" : name, value);
                case "helloOk" -> {
                    if (helloOk) {
                        answer.put(name, value);
                    }
                }
                case "connectionId" -> answer.put(name, new BsonInt32(connection));
                case "localTime" -> answer.put(name, new BsonDateTime(nowMillis));
                case TOPOLOGY_VERSION -> answer.put(name, version(changes));
                default -> answer.put(name, value);
            }
        }
        return answer;
    }

    /** Null: it has none. */
    @Nullable
    BsonDocument version(long changes) {
        BsonValue version = fields.get(TOPOLOGY_VERSION);
        if (version == null || !version.isDocument()) {
            return null;
        }
        BsonDocument counted = new BsonDocument();
        counted.putAll(version.asDocument());
        BsonValue counter = counted.get("counter");
        long first = counter != null && counter.isNumber() ? counter.asNumber().longValue() : 0;
        counted.put("counter", new BsonInt64(first + changes));
        return counted;
    }
}
