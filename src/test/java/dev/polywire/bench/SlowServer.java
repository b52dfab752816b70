package dev.polywire.bench;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.service.ExtendedJson;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.MongoServerMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A MongoDB with a query of 10 s and a cursor that waits a second for more, which never comes. As MongoDB does, it answers on a connection one
 * command after the other. The answer to a ping says how many of each are running.
 */
final class SlowServer implements Server {

    static final String SLOW = "slow";
    static final int SLOW_MILLIS = 10_000;

    private static final int AWAIT_MILLIS = 1_000;
    private static final long CURSOR = 7;

    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<ScriptedPeer, Waits> peers = new ConcurrentHashMap<>();

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), new ScriptedMongo.Script() {
                    @Override
                    public void request(ScriptedPeer peer, MongoServerMachine.Request request) {
                        peers.computeIfAbsent(peer, fresh -> new Waits(vertx, fresh))
                                .asked(request);
                    }

                    @Override
                    public void closed(ScriptedPeer peer, RuntimeException cause) {
                        Waits ended = peers.remove(peer);
                        if (ended != null) {
                            ended.end();
                        }
                    }
                })
                .listen();
    }

    /** What one connection has asked and is not answered. */
    private final class Waits {

        private final Vertx vertx;
        private final ScriptedPeer peer;
        private final Queue<MongoServerMachine.Request> behind = new ArrayDeque<>();
        private AtomicInteger running;
        private long timer;

        Waits(Vertx vertx, ScriptedPeer peer) {
            this.vertx = vertx;
            this.peer = peer;
        }

        void asked(MongoServerMachine.Request request) {
            if (running == null) {
                begin(request);
            } else {
                behind.add(request);
            }
        }

        private void begin(MongoServerMachine.Request request) {
            String name = BsonFields.firstName(request.command());
            if (name.equals("getMore")) {
                later(request, waiting, AWAIT_MILLIS, cursor("nextBatch", CURSOR));
            } else if (!name.equals("find")) {
                answer(request, new JsonObject().put("slow", slow.get()).put("waiting", waiting.get()));
            } else if (BsonFields.text(request.command(), "find").equals(SLOW)) {
                later(request, slow, SLOW_MILLIS, cursor("firstBatch", 0));
            } else {
                answer(request, cursor("firstBatch", CURSOR));
            }
        }

        private void later(MongoServerMachine.Request request, AtomicInteger kind, long millis, JsonObject answer) {
            kind.incrementAndGet();
            running = kind;
            timer = vertx.setTimer(millis, over -> {
                end();
                answer(request, answer);
                while (running == null && !behind.isEmpty()) {
                    begin(behind.remove());
                }
            });
        }

        private void answer(MongoServerMachine.Request request, JsonObject answer) {
            peer.reply(request, ExtendedJson.encode(answer.put("ok", 1.0)));
        }

        /** Of what is running. */
        void end() {
            if (running != null) {
                vertx.cancelTimer(timer);
                running.decrementAndGet();
                running = null;
            }
        }
    }

    private static JsonObject cursor(String batch, long id) {
        JsonObject cursor = new JsonObject()
                .put("id", new JsonObject().put("$numberLong", Long.toString(id)))
                .put("ns", "db.planets")
                .put(batch, new JsonArray());
        return new JsonObject().put("cursor", cursor);
    }
}
