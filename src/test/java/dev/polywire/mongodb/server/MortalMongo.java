package dev.polywire.mongodb.server;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.store.DocumentFilter;
import dev.polywire.mongodb.store.StoredCollection;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonDocument;

/**
 * A {@link SmallMongo} that is killed and started again on the same port with the documents that it had, as a server whose disk is left:
 * its sockets end together, whatever was being read, done or written on them.
 */
public final class MortalMongo implements AutoCloseable {

    private static final int EVERYTHING = 100_000_000;

    private final String collection;
    private final int port = Ports.free();
    private Vertx vertx = Vertx.vertx();
    private SmallMongo server;
    private List<Buffer> left = List.of();

    /** Started. @param collection the one that is kept: database, dot, collection */
    public MortalMongo(String collection) {
        this.collection = collection;
        start();
    }

    public int port() {
        return port;
    }

    /** Returns when nobody listens, and nothing is done any more. */
    public void kill() {
        Outcome.value(server.close());
        left = documents();
        Outcome.value(vertx.close());
    }

    public void start() {
        vertx = Vertx.vertx();
        server = new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", port), SmallMongoOptions.DEFAULT);
        StoredCollection kept = server.store().created(collection);
        left.forEach(kept::insert);
        Outcome.value(server.listen());
    }

    /** The {@code _id}s that are there, each once: a text. */
    public Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        for (Buffer each : documents()) {
            String id = Documents.parsed(each).getString("_id").getValue();
            if (!ids.add(id)) {
                throw new AssertionError(id + " is there twice");
            }
        }
        return ids;
    }

    /** How many it has now. */
    public int connections() {
        return Outcome.on(vertx, () -> Future.succeededFuture(server.connections()));
    }

    private List<Buffer> documents() {
        return Outcome.on(
                vertx,
                () -> Future.succeededFuture(server.store()
                        .collection(collection)
                        .find(DocumentFilter.of(new BsonDocument()), null)
                        .batch(EVERYTHING, EVERYTHING)));
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
    }
}
