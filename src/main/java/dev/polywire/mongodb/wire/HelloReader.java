package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/** Reads {@link HelloReply} in one pass over the document; fields that we do not use are skipped. */
final class HelloReader {

    /** A bound for members of a replica set, compressors and mechanisms; no server has this many. */
    private static final int MAX_NAMES = 1_000;

    private final Buffer document;
    private final BsonBinaryReader in;

    private int maxBsonObjectSizeBytes = 16 * 1024 * 1024;
    private int maxMessageSizeBytes = MessageHeader.MAX_MESSAGE_BYTES;
    private int maxWriteBatchSize = 100_000;
    private int minWireVersion;
    private int maxWireVersion;
    private boolean helloOk;
    private boolean writablePrimary;
    private @Nullable String setName;
    private List<String> hosts = List.of();
    private @Nullable String primary;
    private @Nullable String msg;
    private @Nullable Integer logicalSessionTimeoutMinutes;
    private @Nullable Long connectionId;
    private List<String> compression = List.of();
    private List<String> saslSupportedMechs = List.of();
    private @Nullable Buffer speculativeAuthenticate;
    private @Nullable Buffer topologyVersion;
    private @Nullable String serviceId;

    HelloReader(Buffer checked) {
        document = checked;
        in = BsonFields.reader(checked);
    }

    HelloReply read() {
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            String name = in.readName();
            if (in.getCurrentBsonType() == BsonType.NULL) {
                in.skipValue();
            } else {
                field(name);
            }
        }
        return new HelloReply(
                maxBsonObjectSizeBytes,
                maxMessageSizeBytes,
                maxWriteBatchSize,
                minWireVersion,
                maxWireVersion,
                helloOk,
                writablePrimary,
                setName,
                hosts,
                primary,
                msg,
                logicalSessionTimeoutMinutes,
                connectionId,
                compression,
                saslSupportedMechs,
                speculativeAuthenticate,
                topologyVersion,
                serviceId);
    }

    private void field(String name) {
        switch (name) {
            case "maxBsonObjectSize" -> maxBsonObjectSizeBytes = int32(name);
            case "maxMessageSizeBytes" -> maxMessageSizeBytes = int32(name);
            case "maxWriteBatchSize" -> maxWriteBatchSize = int32(name);
            case "minWireVersion" -> minWireVersion = int32(name);
            case "maxWireVersion" -> maxWireVersion = int32(name);
            case "helloOk" -> helloOk = BsonFields.isTrue(in);
            case "isWritablePrimary", "ismaster" -> writablePrimary = BsonFields.isTrue(in);
            case "setName" -> setName = text(name);
            case "hosts" -> hosts = texts(name);
            case "primary" -> primary = text(name);
            case "msg" -> msg = text(name);
            case "logicalSessionTimeoutMinutes" -> logicalSessionTimeoutMinutes = int32(name);
            case "connectionId" -> connectionId = int64(name);
            case "compression" -> compression = texts(name);
            case "saslSupportedMechs" -> saslSupportedMechs = texts(name);
            case "speculativeAuthenticate" -> speculativeAuthenticate = document(name);
            case "topologyVersion" -> topologyVersion = document(name);
            case "serviceId" -> {
                require(name, BsonType.OBJECT_ID);
                serviceId = in.readObjectId().toHexString();
            }
            default -> in.skipValue();
        }
    }

    // Servers differ in the width of their numbers; a number that is too large is read as the largest int32.
    private int int32(String name) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, int64(name)));
    }

    private long int64(String name) {
        return switch (in.getCurrentBsonType()) {
            case INT32 -> in.readInt32();
            case INT64 -> in.readInt64();
            case DOUBLE -> (long) in.readDouble();
            default -> throw wrongType(name, "a number");
        };
    }

    private String text(String name) {
        require(name, BsonType.STRING);
        return in.readString();
    }

    private List<String> texts(String name) {
        require(name, BsonType.ARRAY);
        List<String> texts = new ArrayList<>();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (texts.size() == MAX_NAMES) {
                throw ProtocolException.decode(name + ": more (expected: <= " + MAX_NAMES + ")");
            }
            texts.add(text(name));
        }
        in.readEndArray();
        return texts;
    }

    private Buffer document(String name) {
        require(name, BsonType.DOCUMENT);
        return BsonFields.document(document, in).copy();
    }

    private void require(String name, BsonType type) {
        if (in.getCurrentBsonType() != type) {
            throw wrongType(name, type.name());
        }
    }

    private ProtocolException wrongType(String name, String expected) {
        return ProtocolException.decode(name + ": " + in.getCurrentBsonType() + " (expected: " + expected + ")");
    }
}
