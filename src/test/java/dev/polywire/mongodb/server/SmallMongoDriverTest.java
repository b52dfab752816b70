package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.mongodb.ConnectionString;
import com.mongodb.CursorType;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official Java driver uses the server as it would use any. */
class SmallMongoDriverTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private MongoClient driver(String server, String login, String options) {
        SmallMongo mongo = new SmallMongo(
                vertx, EndpointOptions.of("127.0.0.1", 0), SmallMongoMain.options(new JsonObject(server)));
        String uri = "mongodb://" + login + "127.0.0.1:" + Outcome.value(mongo.listen()) + "/?" + options;
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(20, TimeUnit.SECONDS))
                .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{} | - | ''",
                "{'legacy': 'DONE', 'answersMoreToCome': true} | - | ''",
                "{'user': 'u', 'password': 'p', 'mechanisms': ['SCRAM-SHA-1']} | u:p@ | ''",
                "{'user': 'u', 'password': 'p', 'mechanisms': ['SCRAM-SHA-256']} | u:p@ | ''",
                "{'user': 'u', 'password': 'p', 'speculative': false, 'skipsEmptyExchange': false} | u:p@ | ''",
                "{'user': 'u', 'password': 'p', 'source': '$external'} | u:p@ | authMechanism=PLAIN&authSource=$external",
                "{'user': 'CN=u', 'source': '$external', 'mechanisms': []} | CN%3Du@ | authMechanism=MONGODB-X509",
                "{'compressors': ['zlib']} | - | compressors=zlib",
                "{'compressors': ['snappy', 'zlib']} | - | compressors=zlib",
                "{'compressors': ['zlib'], 'user': 'u', 'password': 'p', 'watched': true} | u:p@ | compressors=zlib",
                "{'watched': true, 'maxAwaitMillis': 20} | - | serverMonitoringMode=stream",
                "{'watched': true, 'maxAwaitMillis': 20, 'streamsHello': false} | - | serverMonitoringMode=stream",
                "{'hello': {'setName': 'rs', 'hosts': ['a:1'], 'maxWireVersion': 9}} | - | directConnection=true",
                "{'hello': {'msg': 'isdbgrid'}} | - | retryWrites=true",
                "{'hello': {'logicalSessionTimeoutMinutes': null}} | - | ''",
            })
    void insertsFindsUpdatesDeletes(String server, String login, String options) {
        try (MongoClient client = driver(server.replace('\'', '"'), login == null ? "" : login, options)) {
            MongoCollection<Document> things = client.getDatabase("db").getCollection("things");
            things.insertMany(IntStream.range(0, 250)
                    .mapToObj(i -> new Document("_id", i).append("a", i))
                    .toList());
            List<Integer> found = things.find(Filters.gte("a", 10))
                    .batchSize(50)
                    .map(each -> each.getInteger("_id"))
                    .into(new ArrayList<>());
            assertEquals(IntStream.range(10, 250).boxed().toList(), found);

            assertEquals(
                    1,
                    things.updateOne(Filters.eq("_id", 7), Updates.set("a", "x"))
                            .getModifiedCount());
            assertEquals(
                    new Document("_id", 7).append("a", "x"),
                    things.find(Filters.eq("_id", 7)).first());
            assertEquals(1, things.deleteOne(Filters.eq("_id", 7)).getDeletedCount());
            assertNull(things.find(Filters.eq("_id", 7)).first());
            assertEquals(249, things.countDocuments());

            MongoWriteException twice =
                    assertThrows(MongoWriteException.class, () -> things.insertOne(new Document("_id", 8)));
            assertEquals(ErrorCategory.DUPLICATE_KEY, twice.getError().getCategory());
            MongoCommandException unknown = assertThrows(
                    MongoCommandException.class, () -> client.getDatabase("db").runCommand(new Document("fly", 1)));
            assertEquals("CommandNotFound", unknown.getErrorCodeName());
        }
    }

    /** A cursor that waits is told of a document, and a sleep ends with its time. */
    @Test
    void waits() {
        try (MongoClient client = driver("{}", "", "")) {
            MongoDatabase database = client.getDatabase("db");
            database.createCollection(
                    "log", new CreateCollectionOptions().capped(true).sizeInBytes(4_096));
            MongoCollection<Document> log = database.getCollection("log");
            log.insertOne(new Document("_id", 1));
            try (MongoCursor<Document> cursor = log.find()
                    .cursorType(CursorType.TailableAwait)
                    .maxAwaitTime(20, TimeUnit.SECONDS)
                    .cursor()) {
                assertEquals(new Document("_id", 1), cursor.next());
                CompletableFuture<Document> next = CompletableFuture.supplyAsync(cursor::next);
                log.insertOne(new Document("_id", 2));
                assertEquals(new Document("_id", 2), next.get(60, TimeUnit.SECONDS));
            }
            MongoDatabase admin = client.getDatabase("admin");
            Document sleep = new Document("sleep", 1).append("lock", "none");
            assertEquals(
                    1.0,
                    admin.runCommand(new Document(sleep).append("millis", 1)).get("ok"));
            assertThrows(
                    MongoExecutionTimeoutException.class,
                    () -> admin.runCommand(sleep.append("secs", 600).append("maxTimeMS", 1)));
        } catch (InterruptedException | ExecutionException | TimeoutException wrong) {
            throw new AssertionError(wrong);
        }
    }
}
