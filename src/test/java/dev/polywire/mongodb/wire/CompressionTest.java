package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What both machines agree on, and what may come then. */
class CompressionTest {

    private static final List<Compressor> ALL = usable("noop", "snappy", "zlib", "zstd");
    private static final Buffer FIND = bson("{find: 'c', $db: 'd'}");

    private static List<Compressor> usable(String... names) {
        return Compressors.usable(List.of(names), ZlibCompressor.DEFAULT_LEVEL);
    }

    private static Conversation conversation(FrameTap tap, String... ours) {
        return new Conversation(Conversation.OPTIONS.withCompressors(usable(ours)), tap, ALL);
    }

    /** A conversation whose server has said that it has {@code theirs}. */
    private static Conversation agreed(FrameTap tap, List<String> theirs, String... ours) {
        Conversation conversation = conversation(tap, ours);
        conversation.server.negotiate(List.of("noop", "snappy", "zlib", "zstd"));
        return conversation.answerHello(hello(theirs));
    }

    private static Buffer hello(List<String> compression) {
        String names = String.join("', '", compression);
        return Documents.hello("compression: ['" + names + "']");
    }

    @Test
    void handshake() {
        Conversation conversation = conversation(FrameTap.NONE, "zlib", "snappy");
        conversation.client.start(0);
        Request hello = conversation.requests().get(0);
        assertNull(hello.compressor());
        assertEquals(List.of("zlib", "snappy"), HelloCommand.compression(hello.command()));
        List<String> agreed = conversation.server.negotiate(HelloCommand.compression(hello.command()));
        assertEquals(List.of("snappy", "zlib"), agreed);
        conversation.server.reply(1, hello(agreed));
        assertInstanceOf(MongoEvent.Ready.class, conversation.events().get(0));
    }

    /** Ours, in our order, and the answer comes back the same way. */
    @ParameterizedTest
    @CsvSource({
        "zlib zstd, zstd zlib, zlib",
        "zlib zstd, zstd snappy, zstd",
        "snappy, snappy zlib, snappy",
        "noop, noop, noop",
        "zlib, none,",
        "zlib, lz4 snappy,"
    })
    void theFirstOfOursThatTheServerHas(String ours, String theirs, String used) {
        List<Integer> opCodes = new ArrayList<>();
        FrameTap tap = (sent, name, bytes, secret) -> opCodes.add(bytes.getIntLE(12));
        Conversation conversation = agreed(tap, List.of(theirs.split(" ")), ours.split(" "));
        opCodes.clear();

        int id = conversation.client.send(FIND, List.of());
        Request request = conversation.requests().get(0);
        assertEquals(
                used, request.compressor() == null ? null : request.compressor().name());
        assertEquals(new OpMsg(FIND), request.message());
        assertEquals(id, request.header().requestId());
        conversation.server.reply(id, Documents.OK);
        MongoEvent.Reply reply =
                assertInstanceOf(MongoEvent.Reply.class, conversation.events().get(0));
        assertEquals(new MongoEvent.Reply(id, new OpMsg(Documents.OK), reply.compressor()), reply);
        assertEquals(
                used, reply.compressor() == null ? null : reply.compressor().name());
        int opCode = used == null ? OpMsg.OP_CODE : OpCompressed.OP_CODE;
        assertEquals(List.of(opCode, opCode), opCodes);
    }

    @Test
    void theListOfWhatIsNeverCompressed() {
        assertEquals(
                Set.of(
                        "hello",
                        "ismaster",
                        "saslstart",
                        "saslcontinue",
                        "getnonce",
                        "authenticate",
                        "createuser",
                        "updateuser",
                        "copydbsaslstart",
                        "copydbgetnonce",
                        "copydb"),
                Compression.NEVER_COMPRESSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "isMaster",
                "ismaster",
                "saslStart",
                "saslContinue",
                "getnonce",
                "authenticate",
                "createUser",
                "updateUser",
                "copydbSaslStart",
                "copydbgetnonce",
                "copydb"
            })
    void isNeverCompressed(String command) {
        Conversation conversation = agreed(FrameTap.NONE, List.of("zlib"), "zlib");
        conversation.client.send(bson("{" + command + ": 1}"), List.of());
        conversation.client.send(bson("{endSessions: []}"), List.of());
        List<Request> requests = conversation.requests();
        assertNull(requests.get(0).compressor());
        assertEquals("zlib", requests.get(1).compressor().name());
        assertTrue(!Compression.isAllowed(new OpQuery(0, "a.$cmd", 0, 1, bson("{" + command + ": 1}"), null)));
    }

    @Test
    void legacyOperationsMayBeCompressed() {
        MongoServerMachine server = new MongoServerMachine(1_000, FrameTap.NONE, ALL);
        server.negotiate(List.of("zstd"));
        Buffer plain = Vectors.read("mongo-legacy-ops.txt").get("insert2").bytes();
        server.receive(Compression.compressed(plain, ALL.get(3), 1_000), 0);
        Request request = server.nextEvent();
        assertInstanceOf(OpInsert.class, request.message());
        assertEquals(OpInsert.OP_CODE, request.header().opCode());
        assertEquals(Buffer.buffer(), request.command());
    }

    /** The hello's own answer may come with any that we offered, in whichever piece it is cut. */
    @ParameterizedTest
    @ValueSource(strings = {"noop", "snappy", "zlib", "zstd"})
    void answerToTheHello(String name) {
        Buffer answer = Compression.compressed(
                Documents.reply(hello(List.of("zlib"))), usable(name).get(0), 1_000);
        Cuts.positions(answer.length()).forEach(at -> {
            Conversation conversation = conversation(FrameTap.NONE, "noop", "snappy", "zlib", "zstd");
            conversation.client.start(0);
            List<MongoEvent> events = new ArrayList<>();
            Cuts.at(answer, at).forEach(piece -> events.addAll(conversation.events(piece)));
            assertInstanceOf(MongoEvent.Ready.class, events.get(0));
        });
    }

    @Test
    void answerToTheHelloWithOneThatWasNotOffered() {
        Conversation conversation = conversation(FrameTap.NONE, "zlib");
        conversation.client.start(0);
        conversation.server.send(1, new OpMsg(Documents.HELLO), ALL.get(3));
        assertEquals(
                "FRAMING compressorId: 3 (expected: one of [zlib], which were negotiated)",
                refusal(conversation::events));
    }

    @Tag("M39")
    @Test
    void offeredAndNotNegotiated() {
        Conversation conversation = agreed(FrameTap.NONE, List.of("snappy"), "zlib", "snappy");
        int id = conversation.client.send(FIND, List.of());
        conversation.server.send(id, new OpMsg(Documents.OK), ALL.get(2));
        assertEquals(
                "FRAMING compressorId: 2 (expected: one of [snappy], which were negotiated)",
                refusal(conversation::events));
        assertEquals(MongoState.FAILED, conversation.client.state());
    }

    /** A server may say more than was offered; that changes nothing. */
    @Test
    void claimedAndNotOffered() {
        Conversation conversation = agreed(FrameTap.NONE, List.of("zstd", "zlib"), "zlib");
        conversation.server.send(2, new OpMsg(Documents.OK), ALL.get(3));
        assertTrue(refusal(conversation::events).startsWith("FRAMING compressorId: 3"));
    }

    @Test
    void anyNegotiatedOneOrNone() {
        Conversation conversation = agreed(FrameTap.NONE, List.of("zlib", "zstd"), "zlib", "zstd");
        int id = conversation.client.send(FIND, List.of());
        conversation.requests();
        conversation.server.send(id, new OpMsg(Documents.OK), ALL.get(3));
        conversation.server.send(id, new OpMsg(Documents.OK), ALL.get(2));
        conversation.server.send(id, new OpMsg(Documents.OK), null);
        assertEquals(3, conversation.events().size());
    }

    @Test
    void aServerThatHasNotNegotiated() {
        MongoServerMachine server = new MongoServerMachine(1_000, FrameTap.NONE, ALL);
        server.receive(Vectors.read("mongo-op-compressed.txt").get("zlib").bytes(), 0);
        assertEquals(
                "FRAMING compressorId: 2 (expected: one of [], which were negotiated)", refusal(server::nextEvent));
    }

    @Test
    void aWriteWithoutReply() {
        Conversation conversation = agreed(FrameTap.NONE, List.of("zlib"), "zlib");
        conversation.client.send(new OpMsg(OpMsg.MORE_TO_COME, FIND, List.of()));
        Request request = conversation.requests().get(0);
        assertEquals(new OpMsg(OpMsg.MORE_TO_COME, FIND, List.of()), request.message());
        assertTrue(!request.message().hasReply());
    }

    @Test
    void secretsAreThoseOfTheMessageInside() {
        List<Boolean> secrets = new ArrayList<>();
        FrameTap tap = (sent, name, bytes, secret) -> secrets.add(secret);
        MongoServerMachine server = new MongoServerMachine(1_000, tap, ALL);
        server.negotiate(List.of("zlib"));
        Buffer plain = new OpMsg(bson("{saslStart: 1}")).write(5, 0, 1_000);
        server.receive(Compression.compressed(plain, ALL.get(2), 1_000), 0);
        server.nextEvent();
        server.reply(5, Documents.OK);
        assertEquals(List.of(true, true), secrets);
    }

    /** Each reply of an exhaust is compressed as its request was; another request is not. */
    @Test
    void exhaust() {
        MongoServerMachine server = new MongoServerMachine(1_000, FrameTap.NONE, ALL);
        server.negotiate(List.of("zlib"));
        Buffer plain = new OpMsg(OpMsg.EXHAUST_ALLOWED, bson("{getMore: 1}"), List.of()).write(5, 0, 1_000);
        server.receive(Compression.compressed(plain, ALL.get(2), 1_000), 0);
        server.nextEvent();
        int to = 5;
        for (int flags : new int[] {OpMsg.MORE_TO_COME, OpMsg.MORE_TO_COME, 0}) {
            to = server.send(to, new OpMsg(flags, bson("{a: 1}"), List.of()));
            assertEquals(OpCompressed.OP_CODE, server.takeOutput().getIntLE(12));
        }
        server.send(to, new OpMsg(bson("{a: 1}")));
        assertEquals(OpMsg.OP_CODE, server.takeOutput().getIntLE(12));
    }

    /** What the connection may hold bounds what a message is inflated to. */
    @Test
    void theCapIsThatOfTheMessageInside() {
        Conversation conversation = conversation(FrameTap.NONE, "zlib");
        conversation.client.limitMessage(10_000);
        conversation.server.negotiate(List.of("zlib"));
        conversation.answerHello(hello(List.of("zlib")));
        OpMsg large = new OpMsg(bson("{a: '" + "a".repeat(10_000) + "'}"));
        conversation.server.send(2, large, ALL.get(2));
        assertEquals("LIMIT uncompressedSize: 10018 (expected: <= 9984)", refusal(conversation::events));
    }

    static Stream<HostileReplies.Row> rows() {
        return HostileReplies.rows()
                .filter(row -> row.bytes().length() >= MessageHeader.BYTES)
                .filter(row -> row.bytes().getIntLE(0) == row.bytes().length())
                .filter(row -> row.bytes().getIntLE(12) != OpCompressed.OP_CODE);
    }

    /** What is bad as it is is as bad compressed. */
    @ParameterizedTest
    @MethodSource("rows")
    void hostileReplies(HostileReplies.Row row) {
        Conversation conversation = agreed(FrameTap.NONE, List.of("zstd"), "zstd");
        String outcome;
        try {
            Buffer bytes = Compression.compressed(row.bytes(), ALL.get(3), 100_000);
            outcome = conversation.events(bytes).get(0).getClass().getSimpleName();
        } catch (ProtocolException violation) {
            outcome = violation.kind().toString();
        }
        assertEquals(row.outcome(), outcome);
    }

    @Test
    void whatAHelloOffers() {
        assertEquals(List.of(), HelloCommand.compression(bson("{hello: 1}")));
        assertEquals(List.of(), HelloCommand.compression(bson("{hello: 1, compression: 'zlib'}")));
        assertEquals(List.of("zlib"), HelloCommand.compression(bson("{hello: 1, compression: [1, 'zlib', null]}")));
    }

    private static String refusal(org.junit.jupiter.api.function.Executable executable) {
        ProtocolException refused = assertThrows(ProtocolException.class, executable);
        return refused.kind() + " " + refused.getMessage();
    }
}
