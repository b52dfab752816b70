package dev.polywire.mongodb.server;

import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoServerMachine;
import io.vertx.core.buffer.Buffer;
import org.bson.BsonBinaryWriter;
import org.bson.io.BasicOutputBuffer;

/** The first exchange of a connection, as servers answer it (handshake specification). */
public final class ScriptedHello {

    /** MongoDB 8.0. */
    public static final int MAX_WIRE_VERSION = 25;

    private ScriptedHello() {}

    /** Whether a request is a hello. */
    public static boolean isHello(MongoServerMachine.Request request) {
        return HelloCommand.NAMES.contains(BsonFields.firstName(request.command()));
    }

    /** The answer of a current standalone server. */
    public static Buffer today() {
        return standalone(0, MAX_WIRE_VERSION, MessageHeader.MAX_MESSAGE_BYTES);
    }

    /** The answer of a standalone server with these limits, which may be invalid. */
    public static Buffer standalone(int minWireVersion, int maxWireVersion, int maxMessageSizeBytes) {
        BasicOutputBuffer bytes = new BasicOutputBuffer();
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            out.writeStartDocument();
            out.writeBoolean("helloOk", true);
            out.writeBoolean("ismaster", true);
            out.writeInt32("maxBsonObjectSize", 16 * 1024 * 1024);
            out.writeInt32("maxMessageSizeBytes", maxMessageSizeBytes);
            out.writeInt32("maxWriteBatchSize", 100_000);
            out.writeInt32("minWireVersion", minWireVersion);
            out.writeInt32("maxWireVersion", maxWireVersion);
            out.writeBoolean("readOnly", false);
            out.writeDouble("ok", 1);
            out.writeEndDocument();
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
