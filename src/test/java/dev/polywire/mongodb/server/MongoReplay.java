package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoTranscript;
import dev.polywire.mongodb.wire.MongoTranscript.Spoken;
import dev.polywire.mongodb.wire.OpCompressed;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;

/** A part of a recording, in which our server takes the place of the real one. */
final class MongoReplay implements AutoCloseable {

    private static final int LIMIT = MessageHeader.MAX_MESSAGE_BYTES;
    /** Of a stream of hellos so many are heard. */
    private static final int STREAMED = 3;

    private final int port;
    private final List<Spoken> part;
    private final boolean compared;
    private final Map<Integer, RawPeer> connections = new TreeMap<>();
    /** Our cursors by the recorded ones. */
    private final Map<Long, Long> cursors = new HashMap<>();

    private int answers;

    /** @param compared whether the answers must also say what the recorded ones say */
    MongoReplay(int port, List<Spoken> part, boolean compared) {
        this.port = port;
        this.part = part;
        this.compared = compared;
    }

    /** Fails where our server answers in another form. @return how many requests were answered */
    int play() {
        part.stream().filter(Spoken::byClient).forEach(this::ask);
        return answers;
    }

    private void ask(Spoken request) {
        RawPeer connection = connections.computeIfAbsent(request.connection(), first -> RawPeer.connect(port));
        connection.write(withOurCursors(request));
        MongoMessage asked = request.message();
        if (!asked.hasReply()) {
            return;
        }
        answers++;
        Buffer answer = frame(connection);
        assertAnswers(request, request.header().requestId(), answer);
        if (isStreamed(request)) {
            for (int i = 1; i < STREAMED; i++) {
                Buffer next = frame(connection);
                assertAnswers(request, MessageHeader.read(answer).requestId(), next);
                answer = next;
            }
            return;
        }
        BsonDocument ours = document(MongoTranscript.opened(answer));
        part.stream()
                .filter(each -> !each.byClient()
                        && each.connection() == request.connection()
                        && each.header().responseTo() == request.header().requestId())
                .forEach(recorded -> compare(request, document(recorded.message()), ours));
    }

    private static boolean isStreamed(Spoken request) {
        return request.message() instanceof OpMsg asked && (asked.flagBits() & OpMsg.EXHAUST_ALLOWED) != 0;
    }

    /** By OP_REPLY what was asked by OP_QUERY, by OP_MSG what was asked so, compressed what came compressed. */
    private static void assertAnswers(Spoken request, int requestId, Buffer answer) {
        MessageHeader header = MessageHeader.read(answer);
        assertEquals(requestId, header.responseTo(), request::toString);
        MongoMessage outer = MongoMessage.read(header, answer);
        MongoMessage asked = MongoMessage.read(request.header(), request.frame());
        if (asked instanceof OpCompressed compressed) {
            assertEquals(compressed.compressorId(), ((OpCompressed) outer).compressorId(), request::toString);
        } else {
            assertFalse(outer instanceof OpCompressed, request::toString);
        }
        MongoMessage said = MongoTranscript.opened(answer);
        assertEquals(
                request.message() instanceof OpQuery ? OpReply.OP_CODE : OpMsg.OP_CODE,
                said.opCode(),
                request::toString);
        assertEquals(isStreamed(request), said instanceof OpMsg reply && reply.moreToCome(), request::toString);
    }

    private void compare(Spoken request, BsonDocument recorded, BsonDocument ours) {
        BsonValue cursor = recorded.get("cursor");
        if (cursor != null && ours.containsKey("cursor")) {
            cursors.put(id(cursor), id(ours.get("cursor")));
        }
        if (compared) {
            assertEquals(result(recorded), result(ours), request::toString);
        }
    }

    private static long id(BsonValue cursor) {
        return cursor.asDocument().getInt64("id").getValue();
    }

    /** What does not depend on the server. */
    private static Map<String, Object> result(BsonDocument answer) {
        Map<String, Object> result = new TreeMap<>();
        answer.forEach((name, value) -> {
            switch (name) {
                case "n" -> result.put(name, value);
                case "compression" -> result.put(name, List.copyOf(value.asArray()));
                case "cursor" ->
                    value.asDocument()
                            .forEach((field, inside) -> result.put(
                                    field, field.equals("id") ? inside.asInt64().getValue() != 0 : inside));
                default -> {
                    if (name.startsWith("cursors")) {
                        result.put(name, value.asArray().size());
                    }
                }
            }
        });
        return result;
    }

    private static BsonDocument document(MongoMessage message) {
        if (message instanceof OpMsg command) {
            return Documents.parsed(command.body());
        }
        return Documents.parsed(
                message instanceof OpQuery query
                        ? query.query()
                        : ((OpReply) message).documents().get(0));
    }

    /** The recorded bytes, but for the cursor that is asked for. */
    private Buffer withOurCursors(Spoken request) {
        if (!(request.message() instanceof OpMsg asked)) {
            return request.frame();
        }
        BsonDocument command = document(asked);
        switch (command.getFirstKey()) {
            case "getMore" -> command.put("getMore", ours(command.get("getMore")));
            case "killCursors" -> {
                BsonArray named = new BsonArray();
                command.getArray("cursors").forEach(each -> named.add(ours(each)));
                command.put("cursors", named);
            }
            default -> {
                return request.frame();
            }
        }
        Buffer frame = new OpMsg(asked.flagBits(), Documents.bson(command), asked.sequences())
                .write(request.header().requestId(), 0, LIMIT);
        return MongoMessage.read(request.header(), request.frame()) instanceof OpCompressed recorded
                ? OpCompressed.of(frame, MongoTranscript.compressor(recorded.compressorId()))
                        .write(request.header().requestId(), 0, LIMIT)
                : frame;
    }

    private BsonInt64 ours(BsonValue recorded) {
        Long ours = cursors.get(recorded.asInt64().getValue());
        assertTrue(!compared || ours != null, "a cursor that was not opened");
        return ours == null ? recorded.asInt64() : new BsonInt64(ours);
    }

    private static Buffer frame(RawPeer connection) {
        Buffer length = Buffer.buffer(connection.read(Integer.BYTES));
        return length.appendBytes(connection.read(length.getIntLE(0) - Integer.BYTES));
    }

    @Override
    public void close() {
        connections.values().forEach(RawPeer::close);
    }
}
