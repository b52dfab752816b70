package dev.polywire.mongodb.service;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.EveryCut;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.StreamPeek;
import dev.polywire.testing.TrueOutcomes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A conversation with a server that is cut behind every byte. */
class MongoCutTest {

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Set<String> inserted = ConcurrentHashMap.newKeySet();
    private final TrueOutcomes outcomes = new TrueOutcomes();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void everyCut() {
        ScriptedMongo server = new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), (peer, request) -> {
            String name = BsonFields.firstName(request.command());
            if (name.equals("insert")) {
                inserted.add(BsonFields.text(request.command(), "insert"));
            }
            peer.reply(
                    request,
                    Documents.bson(
                            switch (name) {
                                case "find" ->
                                    "{cursor: {id: {$numberLong: '7'}, ns: 'db.c', firstBatch: []}, ok: 1.0}";
                                case "getMore" ->
                                    "{cursor: {id: {$numberLong: '0'}, ns: 'db.c', nextBatch: [{a: 1}]}, ok: 1.0}";
                                default -> "{n: 1, ok: 1.0}";
                            }));
        });
        EveryCut.of(Outcome.value(server.listen()), 17, this::converse);
        outcomes.verify(inserted);
    }

    private Future<?> converse(int port, int number) {
        JsonObject settings = new JsonObject().put("name", "m" + number).put("port", port);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(settings))
                .compose(id -> {
                    MongoService mongo = MongoService.proxy(vertx, "polywire.m" + number);
                    Future<Void> first = insert(mongo, "a" + number);
                    Future<JsonObject> opened = mongo.open("db", "find", new JsonObject().put("find", "c"), null);
                    Future<Void> next = opened.transform(
                            open -> outcomes.read(open.failed() ? opened : StreamPeek.next(vertx, open.result())));
                    return Future.join(first, next)
                            .compose(both -> insert(mongo, "b" + number))
                            .eventually(() -> vertx.undeploy(id));
                });
    }

    private Future<Void> insert(MongoService mongo, String collection) {
        return outcomes.write(
                collection, mongo.command("db", "insert", new JsonObject().put("insert", collection), null));
    }
}
