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
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client machine against server machine. */
class MongoClientMachineTest {

    private static final Buffer PING = bson("{ping: 1, $db: 'admin'}");

    @Test
    void handshakeThenCommands() {
        Conversation conversation = new Conversation();
        conversation.client.start(conversation.nowMillis);

        Request hello = conversation.requests().get(0);
        assertEquals(new MessageHeader(hello.header().messageLength(), 1, 0, OpMsg.OP_CODE), hello.header());
        assertEquals(
                BsonDocument.parse("{isMaster: 1, helloOk: true, client: {application: {name: 'test'}, driver: {name:"
                        + " 'polywire', version: '1.0'}, os: {type: 'unknown'}}, compression: [],"
                        + " backpressure: '2', $db: 'admin'}"),
                Documents.parsed(((OpMsg) hello.message()).body()));

        conversation.server.reply(1, Documents.HELLO);
        MongoEvent.Ready ready =
                assertInstanceOf(MongoEvent.Ready.class, conversation.events().get(0));
        assertEquals(25, ready.hello().maxWireVersion());

        int first = conversation.client.send(PING, List.of());
        int second = conversation.client.send(PING, List.of());
        List<Request> asked = conversation.requests();
        assertEquals(List.of(2, 3), List.of(first, second));
        assertEquals(
                List.of(2, 3), asked.stream().map(r -> r.header().requestId()).toList());
        assertEquals(new OpMsg(PING), asked.get(0).message());

        conversation.server.reply(second, Documents.OK);
        conversation.server.reply(first, bson("{ok: 0.0, code: 59}"));
        assertEquals(
                List.of(
                        new MongoEvent.Reply(second, new OpMsg(Documents.OK)),
                        new MongoEvent.Reply(first, new OpMsg(bson("{ok: 0.0, code: 59}")))),
                conversation.events());
    }

    @Test
    void handshakeTimesOut() {
        Conversation conversation = new Conversation();
        MongoClientMachine client = conversation.client;
        assertEquals(Long.MAX_VALUE, client.deadlineMillis());
        client.start(5_000);
        assertEquals(15_000, client.deadlineMillis());
        client.tick(14_999);
        client.tick(14_999);

        ProtocolException late = assertThrows(ProtocolException.class, () -> client.tick(15_000));
        assertEquals(ProtocolException.Kind.SILENCE, late.kind());
        assertEquals("handshake: no answer (expected: within 10000 ms)", late.getMessage());
        assertEquals(MongoState.FAILED, client.state());
        assertEquals(List.of(), conversation.events(Documents.reply(Documents.HELLO)));
    }

    @Test
    void nothingTimesOutAfterTheHandshake() {
        MongoClientMachine client = Conversation.ready().client;
        client.tick(Long.MAX_VALUE);
        assertEquals(MongoState.READY, client.state());
    }

    @Test
    void refusedHandshake() {
        Conversation conversation = new Conversation();
        conversation.client.start(0);
        conversation.requests();
        conversation.server.reply(1, bson("{ok: 0.0, code: 18, errmsg: 'no'}"));
        assertEquals(List.of(new MongoEvent.HandshakeRefused("no")), conversation.events());
        assertEquals(MongoState.FAILED, conversation.client.state());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxMessageSizeBytes: -1 | hello: maxMessageSizeBytes: -1 (expected: >= 1)",
                "maxMessageSizeBytes: 'x' | hello: maxMessageSizeBytes: STRING (expected: a number)",
                "maxWireVersion: 5 | hello: wire versions: 0 to 5 (expected: some of 6 to 29)",
                "minWireVersion: 30, maxWireVersion: 31 | hello: wire versions: 30 to 31 (expected: some of 6 to 29)"
            })
    void uselessHello(String fields, String message) {
        Conversation conversation = new Conversation();
        ProtocolException bad =
                assertThrows(ProtocolException.class, () -> conversation.answerHello(Documents.hello(fields)));
        assertEquals(ProtocolException.Kind.FRAMING, bad.kind());
        assertEquals(message, bad.getMessage());
        assertEquals(MongoState.FAILED, conversation.client.state());
    }

    @Test
    void helloMustAnswerOurs() {
        Conversation conversation = new Conversation();
        conversation.client.start(0);
        conversation.server.reply(2, Documents.HELLO);
        assertEquals(
                "responseTo: 2 (expected: 1)",
                assertThrows(ProtocolException.class, conversation::events).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2147483647, 48000000", "48000000, 48000000", "2000, 2000"})
    void theServerCanOnlyLowerTheCap(long announced, int cap) {
        Conversation conversation = new Conversation()
                .answerHello(Documents.hello("maxMessageSizeBytes: {$numberLong: '" + announced + "'}"));
        assertEquals(cap, conversation.client.maxMessageBytes());
    }

    @Test
    void tooLargeIsNotSentAndHurtsNobody() {
        Conversation conversation = new Conversation().answerHello(Documents.hello("maxMessageSizeBytes: 2000"));
        MongoClientMachine client = conversation.client;
        Buffer large = bson("{insert: '" + "x".repeat(1_900) + "', $db: 'a'}");
        List<DocumentSequence> more =
                List.of(new DocumentSequence("documents", List.of(bson("{a: '" + "x".repeat(99) + "'}"))));

        ProtocolException refused = assertThrows(ProtocolException.class, () -> client.send(large, more));
        assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
        assertEquals(0, client.outputBytes());
        assertEquals(MongoState.READY, client.state());
        assertEquals(2, client.send(large, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 1 << 30, -1})
    void aCommandIsAWholeDocument(int length) {
        MongoClientMachine client = Conversation.ready().client;
        Buffer command = Buffer.buffer().appendIntLE(length).appendByte((byte) 0);
        ProtocolException bad = assertThrows(ProtocolException.class, () -> client.send(command, List.of()));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        assertEquals(0, client.outputBytes());
    }

    @Test
    void idsWrapToOne() {
        MongoClientOptions options =
                new MongoClientOptions(MessageHeader.MAX_MESSAGE_BYTES, Conversation.CLIENT, Integer.MAX_VALUE - 1, 10);
        Conversation conversation = new Conversation(options, FrameTap.NONE).answerHello(Documents.HELLO);
        assertEquals(Integer.MAX_VALUE, conversation.client.send(PING, List.of()));
        assertEquals(1, conversation.client.send(PING, List.of()));
    }

    @Test
    void writeWithoutReply() {
        Conversation conversation = Conversation.ready();
        Buffer insert = bson("{insert: 'c', writeConcern: {w: 0}, $db: 'd'}");
        Buffer before = insert.copy();
        List<DocumentSequence> documents = List.of(new DocumentSequence("documents", List.of(bson("{a: 1}"))));
        conversation.client.send(new OpMsg(OpMsg.MORE_TO_COME, insert, documents));
        Request asked = conversation.requests().get(0);
        assertEquals(new OpMsg(OpMsg.MORE_TO_COME, insert, documents), asked.message());
        assertEquals(before, insert);
    }

    @Test
    void closedBetweenMessages() {
        Conversation conversation = Conversation.ready();
        conversation.client.receive(Documents.reply(Documents.OK), 0);
        conversation.client.peerClosed(0);
        assertInstanceOf(MongoEvent.Reply.class, conversation.client.nextEvent());
        assertNull(conversation.client.nextEvent());
        assertEquals(MongoState.CLOSED, conversation.client.state());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 37})
    void closedInsideAMessage(int bytes) {
        Conversation conversation = Conversation.ready();
        conversation.client.receive(Documents.reply(Documents.OK), 0);
        conversation.client.receive(Documents.reply(Documents.OK).getBuffer(0, bytes), 0);
        conversation.client.peerClosed(0);
        assertInstanceOf(MongoEvent.Reply.class, conversation.client.nextEvent());
        ProtocolException cut = assertThrows(ProtocolException.class, conversation.client::nextEvent);
        assertEquals(ProtocolException.Kind.FRAMING, cut.kind());
        assertTrue(cut.getMessage().contains("truncated"), cut.getMessage());
        assertNull(conversation.client.nextEvent());
    }

    @Test
    void oneFrameADecode() {
        Conversation conversation = Conversation.ready();
        Buffer bad = Documents.frame(9999, Buffer.buffer());
        conversation.client.receive(Documents.reply(Documents.OK).appendBuffer(bad), 0);
        // The second message is not looked at before it is asked for.
        assertInstanceOf(MongoEvent.Reply.class, conversation.client.nextEvent());
        assertEquals(MongoState.READY, conversation.client.state());
        assertThrows(ProtocolException.class, conversation.client::nextEvent);
    }
}
