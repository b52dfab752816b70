package dev.polywire.bench;

import dev.polywire.mongodb.service.ExtendedJson;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Compressor;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpCompressed;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A MongoDB that finds the same small document whatever it is asked, and reads no more than the headers for that. What is
 * asked compressed is answered so. Its hello is that of a standalone MongoDB 7.0.
 */
final class FindServer implements Server {

    static final List<Compressor> COMPRESSORS = Compressors.usable(List.of("zlib", "snappy", "zstd"), -1);

    private static final int MOST_BYTES = 64 * 1024;
    private static final int RESPONSE_TO_AT = 8;
    private static final int COMPRESSOR_AT = 24;
    private static final int COMMAND_AT = 21;
    private static final Set<String> HELLO = Set.of("hello", "ismaster");

    private static final String HELLO_ANSWER = """
            {"helloOk": true, "ismaster": true, "isWritablePrimary": true, "maxBsonObjectSize": 16777216,
             "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000, "localTime": {"$date": "2026-12-01T00:00:00Z"},
             "logicalSessionTimeoutMinutes": 30, "connectionId": 7, "minWireVersion": 0, "maxWireVersion": 21,
             "readOnly": false, "compression": %s, "ok": {"$numberDouble": "1"}}""";

    private static final JsonObject DOCUMENT = new JsonObject("""
            {"_id": 4711, "name": "Jupiter", "rings": true, "temperatures": [-145.5, -108.2]}""");

    private static final OpMsg FOUND = answer("""
            {"cursor": {"firstBatch": [%s],
             "id": {"$numberLong": "0"}, "ns": "db.planets"}, "ok": {"$numberDouble": "1"}}""".formatted(DOCUMENT.encode()));

    private static final Buffer FOUND_FRAME = FOUND.write(1, 0, MOST_BYTES);

    private static final Map<Integer, Buffer> COMPRESSED = COMPRESSORS.stream()
            .collect(Collectors.toMap(
                    Compressor::id, each -> OpCompressed.of(FOUND_FRAME, each).write(1, 0, MOST_BYTES)));

    private static OpMsg answer(String json) {
        return new OpMsg(ExtendedJson.encode(new JsonObject(json)));
    }

    /** @param answer to a find @return the same, when it is the document, whole */
    static JsonObject checked(JsonObject answer) {
        JsonArray documents = answer.getJsonObject("cursor").getJsonArray("firstBatch");
        if (!documents.equals(new JsonArray().add(DOCUMENT))) {
            throw new IllegalStateException("found " + documents.encode());
        }
        return answer;
    }

    /** Whether an answer has one document: what each operation looks at. */
    static boolean isFound(JsonObject answer) {
        return answer.getJsonObject("cursor").getJsonArray("firstBatch").size() == 1;
    }

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return vertx.createNetServer()
                .connectHandler(socket -> socket.handler(new Asked(socket)::received))
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort);
    }

    /** What one client asks. Its answers to one read are one write. */
    private static final class Asked {

        private final NetSocket socket;
        private Buffer rest = Buffer.buffer();

        Asked(NetSocket socket) {
            this.socket = socket;
        }

        void received(Buffer more) {
            Buffer input = rest.length() == 0 ? more : rest.appendBuffer(more);
            Buffer answers = Buffer.buffer();
            int at = 0;
            while (input.length() - at >= MessageHeader.BYTES && input.getIntLE(at) <= input.length() - at) {
                int end = at + input.getIntLE(at);
                answers.appendBuffer(answer(input.slice(at, end)));
                at = end;
            }
            rest = input.getBuffer(at, input.length());
            if (answers.length() > 0) {
                socket.write(answers);
            }
        }

        private static Buffer answer(Buffer frame) {
            MessageHeader header = MessageHeader.read(frame);
            return switch (header.opCode()) {
                case OpCompressed.OP_CODE ->
                    patched(COMPRESSED.get((int) frame.getByte(COMPRESSOR_AT)), header.requestId());
                case OpQuery.OP_CODE -> {
                    OpMsg hello = hello(((OpQuery) MongoMessage.read(header, frame)).query());
                    MongoMessage reply = new OpReply(OpReply.AWAIT_CAPABLE, 0, 0, List.of(hello.body()));
                    yield reply.write(1, header.requestId(), MOST_BYTES);
                }
                default ->
                    isHello(frame)
                            ? hello(((OpMsg) MongoMessage.read(header, frame)).body())
                                    .write(1, header.requestId(), MOST_BYTES)
                            : patched(FOUND_FRAME, header.requestId());
            };
        }

        /** The client's compressors are the server's. */
        private static OpMsg hello(Buffer asked) {
            JsonArray offered = new JsonArray(HelloCommand.compression(asked));
            return FindServer.answer(HELLO_ANSWER.formatted(offered.encode()));
        }

        private static boolean isHello(Buffer frame) {
            int name = frame.getByte(COMMAND_AT + 5) | 0x20;
            return (name == 'h' || name == 'i')
                    && HELLO.contains(BsonFields.firstName(frame.slice(COMMAND_AT, frame.length()))
                            .toLowerCase(Locale.ROOT));
        }

        /** The same memory each time: it is copied before the next. */
        private static Buffer patched(Buffer answer, int responseTo) {
            return answer.setIntLE(RESPONSE_TO_AT, responseTo);
        }
    }
}
