package dev.polywire.mongodb.service;

import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.bson.BsonDocument;

/** A server that is not ours, a connector to it, and the official driver on the side. */
final class RealMongo implements AutoCloseable {

    final Vertx vertx = Vertx.vertx();
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final int port = server.bind().getPort();
    private final com.mongodb.client.MongoClient driver = MongoClients.create("mongodb://127.0.0.1:" + port);

    RealMongo() {
        JsonObject config = new JsonObject().put("port", port);
        Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
    }

    int port() {
        return port;
    }

    MongoService mongo() {
        return MongoService.proxy(vertx, "polywire.mongodb");
    }

    /** A collection in the database {@code db} as the driver sees it. */
    MongoCollection<BsonDocument> driver(String collection) {
        return driver.getDatabase("db").getCollection(collection, BsonDocument.class);
    }

    /** A name that no other test has. */
    static String unique() {
        return "c" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public void close() {
        driver.close();
        Outcome.value(vertx.close());
        server.shutdownNow();
    }
}
