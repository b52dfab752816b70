package dev.polywire.mongodb.server;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** A client that is nothing but a socket: it sends what it is given, and gives what comes. */
final class MongoSocket implements AutoCloseable {

    /** A message that has come. */
    record Received(MessageHeader header, MongoMessage message, Buffer frame) {

        /** The one document of an answer, whatever it came in. */
        BsonDocument document() {
            return Documents.parsed(
                    message instanceof OpReply reply ? reply.documents().get(0) : ((OpMsg) message).body());
        }
    }

    private final Socket socket;
    private int requestId = 1_000;

    MongoSocket(int port) {
        this(port, 0);
    }

    /** @param receiveBytes of the system's buffer; 0: as it will */
    MongoSocket(int port, int receiveBytes) {
        try {
            socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(30_000);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** To a new server. */
    static MongoSocket to(Vertx vertx, SmallMongoOptions options) {
        return new MongoSocket(
                Outcome.value(new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), options).listen()));
    }

    /** Sends bytes as they are. */
    MongoSocket raw(Buffer bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes());
            return this;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    int send(MongoMessage message) {
        requestId++;
        raw(message.write(requestId, 0, MessageHeader.MAX_MESSAGE_BYTES));
        return requestId;
    }

    Received ask(MongoMessage message) {
        int id = send(message);
        Received answer = receive();
        if (answer.header().responseTo() != id) {
            throw new AssertionError(answer + " (expected: to " + id + ")");
        }
        return answer;
    }

    /** Runs a command by OP_MSG, on the database {@code db}. */
    BsonDocument command(String json) {
        return ask(message(json)).document();
    }

    /** The id of an answer's cursor; 0: there are no more documents. */
    static long cursorId(BsonDocument answer) {
        return answer.getDocument("cursor").getInt64("id").getValue();
    }

    /** The {@code _id}s of an answer's batch, first or next. */
    static List<Integer> ids(BsonDocument answer) {
        BsonDocument cursor = answer.getDocument("cursor");
        return cursor.getArray(cursor.containsKey("firstBatch") ? "firstBatch" : "nextBatch").stream()
                .map(each -> each.asDocument().getInt32("_id").getValue())
                .toList();
    }

    /** The same command, whose answers may be a stream. */
    static OpMsg exhaust(String json) {
        return new OpMsg(OpMsg.EXHAUST_ALLOWED, message(json).body(), List.of());
    }

    static OpMsg message(String json) {
        BsonDocument command = BsonDocument.parse(json);
        return new OpMsg(Documents.bson(command.append("$db", new BsonString("db"))));
    }

    OpReply query(String collection, int number, String json) {
        OpQuery query = new OpQuery(0, collection, 0, number, Documents.bson(json), null);
        return (OpReply) ask(query).message();
    }

    Received receive() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            Buffer length = Buffer.buffer(in.readNBytes(4));
            if (length.length() < 4) {
                throw new EOFException("closed");
            }
            Buffer frame = length.appendBytes(in.readNBytes(length.getIntLE(0) - 4));
            MessageHeader header = MessageHeader.read(frame);
            return new Received(header, MongoMessage.read(header, frame), frame);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Whether the server has closed, with nothing more to say. */
    boolean isClosed() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    static List<BsonDocument> documents(OpReply reply) {
        return reply.documents().stream().map(Documents::parsed).toList();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
