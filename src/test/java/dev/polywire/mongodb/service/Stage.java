package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * A scripted server and connectors to it, for tests that read as transcripts: the test asks over the bus, sees what
 * arrives at the server, and says what the server answers.
 */
final class Stage implements AutoCloseable, ScriptedMongo.Script {

    /** What does not come within this time does not come. */
    private static final int PATIENCE_SECONDS = 30;
    /** A deadline that no test reaches. */
    static final long A_MINUTE = 60_000;

    final Vertx vertx;
    final int port;
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<ScriptedPeer> gone = new LinkedBlockingQueue<>();
    /** Who said hello, in order: a connection that is watched by another, and the one that watches. */
    final List<ScriptedPeer> hellos = new CopyOnWriteArrayList<>();
    /** The answer to every hello. */
    volatile Buffer answer = ScriptedHello.today();
    /** Whether a connection is taken, by its number. */
    volatile IntPredicate takes = number -> true;

    Stage() {
        this(Vertx.vertx());
    }

    Stage(Vertx vertx) {
        this.vertx = vertx;
        port = listen(0);
    }

    /** Listens on one port more. @return the port */
    int listen(int port) {
        return Outcome.value(new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", port), this).listen());
    }

    @Override
    public void request(ScriptedPeer peer, MongoServerMachine.Request request) {
        asked.add(new Asked(peer, request));
    }

    @Override
    public void connected(ScriptedPeer peer) {
        if (!takes.test(peer.number())) {
            peer.close();
        }
    }

    @Override
    public void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
        hellos.add(peer);
        peer.reply(request, answer);
    }

    @Override
    public void closed(ScriptedPeer peer, RuntimeException cause) {
        gone.add(peer);
    }

    /** Deploys a connector to the scripted server. @return the deployment's id */
    String deploy() {
        return deploy(new JsonObject());
    }

    /**
     * @param settings beside the port, failFast (so that it is connected when it is deployed), no heartbeat, and a pool of one connection, which takes any
     *     command behind others, so that
     *     what is asked arrives in its order; or instead of them
     */
    String deploy(JsonObject settings) {
        return Outcome.value(deploying(settings));
    }

    Future<String> deploying(JsonObject settings) {
        JsonObject config = new JsonObject()
                .put("port", port)
                .put("failFast", true)
                .put("heartbeatMillis", 0)
                .put("maxPoolSize", 1)
                .put("pipeline", 64)
                .put("pipelineMillis", 60_000)
                .mergeIn(settings);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config));
    }

    /** The connector's service, with a deadline of a minute. */
    MongoService mongo() {
        return mongo(A_MINUTE);
    }

    MongoService mongo(long deadlineMillis) {
        return MongoService.proxy(vertx, "polywire.mongodb", deadlineMillis);
    }

    /** A command that only reads. */
    static Future<JsonObject> find(MongoService mongo, int n) {
        return mongo.command("db", "find", new JsonObject().put("find", "things" + n), null);
    }

    /** A command that changes something. */
    static Future<JsonObject> insert(MongoService mongo, int n) {
        return mongo.command("db", "insert", new JsonObject().put("insert", "things" + n), null);
    }

    /** The next request at the server, which must have this name. */
    Asked next(String name) {
        Asked next = next(asked);
        assertEquals(name, next.name());
        return next;
    }

    /** The next connection that ended. */
    ScriptedPeer nextGone() {
        return next(gone);
    }

    /** How many requests are at the server and were not looked at. */
    int waiting() {
        return asked.size();
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next, "nothing came");
            return next;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** How a call failed: the name of the failure, and whether it is retryable and may have been executed. */
    static String failure(Future<?> call) {
        return word((ServiceException) Outcome.failure(call));
    }

    static String word(ServiceException failure) {
        JsonObject info = failure.getDebugInfo();
        return info.getString("name")
                + (info.getBoolean("retryable") ? " retryable" : "")
                + (info.getBoolean("mayHaveExecuted") ? " mayHaveExecuted" : "");
    }

    JsonObject status() {
        return Outcome.value(mongo().status());
    }

    long counter(String name) {
        return status().getJsonObject("counters").getLong(name);
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
    }
}
