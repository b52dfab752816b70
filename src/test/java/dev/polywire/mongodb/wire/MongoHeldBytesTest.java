package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import org.junit.jupiter.api.Test;

/** What of the peer's waits in a machine, and what it is when the peer goes. */
class MongoHeldBytesTest {

    @Test
    void ofAServer() {
        MongoServerMachine server = new MongoServerMachine(1_000, FrameTap.NONE);
        server.receive(Vectors.bytes("260000"), 0);
        assertEquals(3, server.heldBytes());
        assertNull(server.nextEvent());
        server.peerClosed(0);
        ProtocolException cut = assertThrows(ProtocolException.class, server::nextEvent);
        assertEquals("message: truncated by the peer after 3 bytes of its frame", cut.getMessage());
    }

    @Test
    void aMessageAboveTheCapIsLimit() {
        MongoServerMachine server = new MongoServerMachine(1_000, FrameTap.NONE);
        server.limitMessage(500);
        server.receive(Vectors.bytes("f4010000"), 0);
        assertNull(server.nextEvent());
        MongoServerMachine another = new MongoServerMachine(1_000, FrameTap.NONE);
        another.limitMessage(500);
        another.receive(Vectors.bytes("f5010000"), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, another::nextEvent);
        assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
        assertEquals("frame: 501 bytes (expected: <= 500)", tooLong.getMessage());
    }

    /** The hello of its server allows 48 MB. */
    @Test
    void theServersHelloDoesNotRaiseTheCap() {
        Conversation conversation = new Conversation();
        conversation.client.limitMessage(500);
        conversation.answerHello(Documents.HELLO);
        conversation.client.receive(Vectors.bytes("f5010000"), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, conversation.client::nextEvent);
        assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
    }

    @Test
    void ofAClient() {
        MongoClientMachine client = new Conversation().client;
        client.receive(Vectors.bytes("2600"), 0);
        assertEquals(2, client.heldBytes());
    }
}
