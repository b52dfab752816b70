package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client with nothing but a socket sees of the scripted server. */
class ScriptedMongoTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private Socket connect(ScriptedMongo.Script script) throws IOException {
        int port = Outcome.value(new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), script).listen());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, String file, String id) throws IOException {
        socket.getOutputStream().write(Vectors.read(file).get(id).bytes().getBytes());
    }

    private static Buffer receive(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        Buffer frame = Buffer.buffer(in.readNBytes(4));
        return frame.appendBytes(in.readNBytes(frame.getIntLE(0) - 4));
    }

    /** The oldest question, as the oldest clients put it. */
    @Test
    void isMasterByQuery() throws IOException {
        try (Socket socket = connect((peer, request) -> peer.close())) {
            send(socket, "mongo-legacy-ops.txt", "q_ismaster");
            Buffer frame = receive(socket);
            MessageHeader header = MessageHeader.read(frame);
            assertEquals(1, header.responseTo());
            OpReply reply = assertInstanceOf(OpReply.class, MongoMessage.read(header, frame));
            assertEquals(1, reply.documents().size());
            BsonDocument hello = Documents.parsed(reply.documents().get(0));
            assertEquals(1.0, hello.getDouble("ok").getValue());
            assertEquals(25, hello.getInt32("maxWireVersion").getValue());
        }
    }

    @Test
    void command() throws IOException {
        try (Socket socket = connect((peer, request) -> peer.reply(request, Documents.OK))) {
            send(socket, "mongo-op-msg.txt", "insert_seed");
            Buffer frame = receive(socket);
            MessageHeader header = MessageHeader.read(frame);
            assertEquals(
                    Vectors.read("mongo-op-msg.txt").get("insert_seed").bytes().getIntLE(4), header.responseTo());
            assertEquals(
                    Documents.OK,
                    assertInstanceOf(OpMsg.class, MongoMessage.read(header, frame))
                            .body());
        }
    }

    @Test
    void anyBytesAndTheEnd() throws IOException {
        ScriptedMongo.Script script = (peer, request) -> {
            peer.raw(Buffer.buffer("half"));
            peer.close();
        };
        try (Socket socket = connect(script)) {
            send(socket, "mongo-op-msg.txt", "insert_seed");
            assertEquals("half", new String(socket.getInputStream().readAllBytes()));
        }
    }

    /** A client that breaks the protocol is closed, and the script hears of it. */
    @Test
    void badClient() throws IOException {
        Promise<RuntimeException> closed = Promise.promise();
        ScriptedMongo.Script script = new ScriptedMongo.Script() {
            @Override
            public void request(ScriptedPeer peer, MongoServerMachine.Request request) {}

            @Override
            public void closed(ScriptedPeer peer, RuntimeException cause) {
                closed.complete(cause);
            }
        };
        try (Socket socket = connect(script)) {
            send(socket, "mongo-negative.txt", "len_neg");
            assertEquals(-1, socket.getInputStream().read());
            assertInstanceOf(ProtocolException.class, Outcome.value(closed.future()));
        }
    }
}
