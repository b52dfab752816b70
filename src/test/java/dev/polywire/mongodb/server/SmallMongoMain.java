package dev.polywire.mongodb.server;

import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * A {@link SmallMongo} as a program, for drivers in other languages. Its first line is {@code port N}; it ends when its input ends, and then
 * says {@code books {..}}: the connections, cursors and bytes that are left.
 *
 * <pre>
 *   java -cp target/classes:target/test-classes:... dev.polywire.mongodb.server.SmallMongoMain ['{..}' | FILE.json]
 * </pre>
 *
 * <p>All of the JSON is optional: {@code host}, {@code port}, {@code tls} as of an endpoint; {@code hello} (fields in Extended JSON,
 * null takes one away), {@code watched} (adds topologyVersion); {@code user}, {@code password}, {@code source}, {@code mechanisms}
 * (SCRAM-SHA-1, SCRAM-SHA-256), {@code skipsEmptyExchange}, {@code speculative}, {@code iterations}; {@code compressors},
 * {@code legacy} (DONE, REFUSED, REFUSED_WITHOUT_FLAG), {@code answersMoreToCome}, {@code maxAwaitMillis}, {@code streamsHello}, {@code exhausts},
 * {@code ownsCursors}.
 */
public final class SmallMongoMain {

    private SmallMongoMain() {}

    public static void main(String[] arguments) throws IOException {
        JsonObject json = new JsonObject(text(arguments.length == 0 ? "{}" : arguments[0]));
        Vertx vertx = Vertx.vertx();
        SmallMongo server = new SmallMongo(
                vertx,
                EndpointOptions.fromJson(
                        Fields.of(json), json.getString("host", "127.0.0.1"), json.getInteger("port", 0)),
                options(json));
        System.out.println("port " + Outcome.value(server.listen()));
        while (System.in.read() >= 0) {
            // Until the end.
        }
        System.out.println("books " + Outcome.value(books(vertx, server)).encode());
        Outcome.value(vertx.close());
    }

    /** What is there when all clients have gone: nothing. Those that are just going are given a second. */
    private static Future<JsonObject> books(Vertx vertx, SmallMongo server) {
        Promise<JsonObject> books = Promise.promise();
        AtomicInteger turns = new AtomicInteger();
        vertx.setPeriodic(10, timer -> {
            JsonObject left = new JsonObject()
                    .put("connections", server.connections())
                    .put("cursors", server.cursors().size())
                    .put("heldBytes", MemoryBudget.of(vertx).heldBytes());
            if (turns.incrementAndGet() == 100
                    || left.stream().allMatch(each -> ((Number) each.getValue()).longValue() == 0)) {
                vertx.cancelTimer(timer);
                books.complete(left);
            }
        });
        return books.future();
    }

    private static String text(String argument) throws IOException {
        return argument.startsWith("{") ? argument : Files.readString(Path.of(argument));
    }

    static SmallMongoOptions options(JsonObject json) {
        SmallMongoOptions.Behaviour usual = SmallMongoOptions.Behaviour.TODAY;
        return new SmallMongoOptions(
                hello(json),
                json.containsKey("user") ? user(json) : null,
                texts(json, "compressors", List.of()),
                new SmallMongoOptions.Behaviour(
                        LegacySupport.valueOf(
                                json.getString("legacy", usual.legacy().name())),
                        json.getBoolean("answersMoreToCome", usual.answersMoreToCome()),
                        json.getBoolean("streamsHello", usual.streamsHello()),
                        json.getInteger("maxAwaitMillis", usual.maxAwaitMillis()),
                        json.getBoolean("exhausts", usual.exhausts()),
                        json.getBoolean("ownsCursors", usual.ownsCursors())),
                SmallMongoBounds.DEFAULT,
                CommandDelay.NONE);
    }

    private static HelloFields hello(JsonObject json) {
        HelloFields hello = HelloFields.standalone();
        if (json.getBoolean("watched", false)) {
            hello = hello.watched();
        }
        BsonDocument changes =
                BsonDocument.parse(json.getJsonObject("hello", new JsonObject()).encode());
        for (Map.Entry<String, BsonValue> each : changes.entrySet()) {
            hello = hello.with(each.getKey(), each.getValue().isNull() ? null : each.getValue());
        }
        return hello;
    }

    private static SmallMongoOptions.MongoUser user(JsonObject json) {
        ScriptedLogin.Manner today = ScriptedLogin.Manner.TODAY;
        List<String> mechanisms = texts(json, "mechanisms", List.of("SCRAM-SHA-1", "SCRAM-SHA-256"));
        return new SmallMongoOptions.MongoUser(
                new MongoCredential(
                        json.getString("user"), json.getString("password"), json.getString("source", "admin")),
                Stream.of(ScramHash.values())
                        .filter(each -> mechanisms.contains(each.mechanism()))
                        .toList(),
                new ScriptedLogin.Manner(
                        json.getBoolean("skipsEmptyExchange", today.skipsEmptyExchange()),
                        json.getBoolean("speculative", today.speculative()),
                        json.getInteger("iterations", today.iterations())));
    }

    private static List<String> texts(JsonObject json, String name, List<String> usual) {
        JsonArray texts = json.getJsonArray(name);
        return texts == null ? usual : texts.stream().map(String::valueOf).toList();
    }
}
