package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replies that go on without a request. */
class ExhaustTest {

    private static final Vectors VECTORS = Vectors.read("mongo-op-msg.txt");
    private static final Buffer GET_MORE = bson("{getMore: {$numberLong: '5'}, collection: 'c', $db: 'd'}");
    private static final Buffer PING = bson("{ping: 1, $db: 'admin'}");

    /** The request of the vectors has the id 7. */
    private final Conversation conversation = new Conversation(
                    new MongoClientOptions(1_000_000, Conversation.CLIENT, 6, 10_000), FrameTap.NONE)
            .answerHello(Documents.HELLO);

    private static Buffer vector(String id) {
        return VECTORS.get(id).bytes();
    }

    private static Buffer more(int requestId, int responseTo) {
        return new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of()).write(requestId, responseTo, 1_000);
    }

    @Tag("M42")
    @Test
    void eachReplyAnswersTheOneBefore() {
        assertEquals(7, conversation.client.sendExhaust(GET_MORE));
        assertEquals(vector("exhaust_req"), conversation.client.takeOutput());
        List<MongoEvent> first = conversation.events(more(100, 7));
        List<MongoEvent> both = conversation.events(vector("exhaust_r2").copy().appendBuffer(vector("exhaust_r3")));
        assertEquals(
                List.of(
                        new MongoEvent.Reply(7, new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of())),
                        new MongoEvent.Reply(7, OpMsg.read(vector("exhaust_r2"))),
                        new MongoEvent.Reply(7, OpMsg.read(vector("exhaust_r3")))),
                List.of(first.get(0), both.get(0), both.get(1)));
        assertEquals(8, conversation.client.send(PING, List.of()));
    }

    @Test
    void oneReplyIsEnough() {
        conversation.client.sendExhaust(GET_MORE);
        conversation.events(new OpMsg(Documents.OK).write(100, 7, 1_000));
        assertEquals(8, conversation.client.sendExhaust(GET_MORE));
    }

    @Test
    void nothingIsSentBetween() {
        conversation.client.sendExhaust(GET_MORE);
        conversation.events(more(100, 7));
        assertThrows(IllegalStateException.class, () -> conversation.client.send(PING, List.of()));
        assertThrows(
                IllegalStateException.class,
                () -> conversation.client.send(new OpMsg(OpMsg.MORE_TO_COME, PING, List.of())));
        assertThrows(IllegalStateException.class, () -> conversation.client.sendExhaust(GET_MORE));
        conversation.events(new OpMsg(Documents.OK).write(101, 100, 1_000));
        conversation.client.send(PING, List.of());
    }

    @Test
    void ofWhatWasAskedForBefore() {
        int ping = conversation.client.send(PING, List.of());
        int exhaust = conversation.client.sendExhaust(GET_MORE);
        MongoEvent event = conversation
                .events(new OpMsg(Documents.OK).write(100, ping, 1_000))
                .get(0);
        assertEquals(ping, assertInstanceOf(MongoEvent.Reply.class, event).responseTo());
        refused(more(101, ping));
        assertEquals(8, exhaust);
    }

    @Tag("M42")
    @Test
    void nobodyHasAllowedIt() {
        conversation.client.send(PING, List.of());
        refused(more(100, 7));
    }

    /** The request is answered once; then its answers are. */
    @Test
    void answersTheRequestAgain() {
        conversation.client.sendExhaust(GET_MORE);
        conversation.events(more(100, 7));
        refused(more(101, 7));
    }

    @Test
    void theHelloHasOneAnswer() {
        Conversation another = new Conversation();
        another.client.start(0);
        ProtocolException refused = assertThrows(
                ProtocolException.class,
                () -> another.events(new OpMsg(OpMsg.MORE_TO_COME, Documents.HELLO, List.of()).write(100, 1, 1_000)));
        assertEquals(ProtocolException.Kind.FRAMING, refused.kind());
    }

    @Test
    void oneThatCannotBeRead() {
        conversation.client.sendExhaust(GET_MORE);
        Buffer bad = Documents.reply(Vectors.bytes("0900000008610002 00"));
        bad.setIntLE(8, 7);
        refused(bad);
    }

    /** M42: each is an event as it comes, which whoever reads may stop; nothing of them is kept. */
    @Test
    void forEver() {
        conversation.client.sendExhaust(GET_MORE);
        int before = 7;
        for (int id = 100; id < 20_100; id++) {
            assertEquals(1, conversation.events(more(id, before)).size());
            assertEquals(0, conversation.client.heldBytes());
            before = id;
        }
        conversation.client.peerClosed(conversation.nowMillis);
        assertEquals(List.of(), conversation.events(Buffer.buffer()));
        assertEquals(MongoState.CLOSED, conversation.client.state());
    }

    /** A server's own machine sends them as it is told. */
    @Test
    void fromTheServersMachine() {
        int request = conversation.client.sendExhaust(GET_MORE);
        assertEquals(
                OpMsg.EXHAUST_ALLOWED, ((OpMsg) conversation.requests().get(0).message()).flagBits());
        int first = conversation.server.send(request, new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of()));
        conversation.server.send(first, new OpMsg(Documents.OK));
        List<MongoEvent> events = conversation.events();
        assertEquals(new MongoEvent.Reply(request, new OpMsg(Documents.OK)), events.get(1));
    }

    private void refused(Buffer bytes) {
        ProtocolException refused = assertThrows(ProtocolException.class, () -> conversation.events(bytes));
        assertEquals(ProtocolException.Kind.FRAMING, refused.kind());
        assertEquals(MongoState.FAILED, conversation.client.state());
    }
}
