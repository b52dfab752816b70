package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonDocument;

/** A blocking connection to a FerretDB: one message and its answer after the other, by nothing but our records. */
final class FerretWire implements AutoCloseable {

    private final RawPeer peer;
    private int requests;

    FerretWire(FerretDb server) {
        peer = RawPeer.connect(server.port());
    }

    /** Sends a message, and reads the next, which must be its answer. */
    <T extends MongoMessage> T ask(MongoMessage request, Class<T> answer) {
        send(request);
        Buffer frame = next();
        MessageHeader header = MessageHeader.read(frame);
        assertEquals(requests, header.responseTo());
        return answer.cast(MongoMessage.read(header, frame));
    }

    /** A command with {@code $db}, and the document that answers it. */
    Buffer run(Buffer command) {
        return ask(new OpMsg(command), OpMsg.class).body();
    }

    BsonDocument run(String command) {
        return Documents.parsed(run(Documents.bson(command)));
    }

    /** The only document that answers a query. */
    Buffer query(String collection, Buffer query) {
        List<Buffer> documents = ask(new OpQuery(0, collection, 0, -1, query, null), OpReply.class)
                .documents();
        assertEquals(1, documents.size());
        return documents.get(0);
    }

    void send(MongoMessage request) {
        peer.write(request.write(++requests, 0, MessageHeader.MAX_MESSAGE_BYTES));
    }

    private Buffer next() {
        Buffer length = Buffer.buffer(peer.read(4));
        return length.copy().appendBytes(peer.read(length.getIntLE(0) - 4));
    }

    @Override
    public void close() {
        peer.close();
    }
}
