package dev.polywire.spi;

import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A connector that is watched, a peer in the test's hands, and between them a relay that counts and can be cut. */
abstract class Stand implements AutoCloseable {

    static final String CALLER = "alice";
    static final long A_MINUTE = 60_000;
    /** How long a connector that leaves waits for what runs. */
    private static final int DRAIN_MILLIS = 20;

    final Vertx vertx = Vertx.vertx();
    final RecordingSpi spi = new RecordingSpi();
    /** How much the relay keeps for a peer that does not read. */
    private static final int RELAYED_BYTES = 256 * 1024;

    private @Nullable Relay relay;
    private @Nullable String deployment;

    /** What a request is about, which the peer sees. */
    enum About {
        ANSWERED,
        REFUSED,
        /** It is answered when the peer is told to. */
        HELD,
        /** As {@link #HELD}, and those behind it wait for their turn. */
        FILLING
    }

    /** Of a service that calls its peer. @param operations the words of the calls of each request */
    record Calls(String action, List<String> operations) {}

    /** The protocol's word. */
    abstract String protocol();

    /** Deploys the connector; behind it the connection is up, and what is made once is made. */
    abstract void deploy();

    /** Something goes both ways. */
    void use() {
        Outcome.value(ask("use", About.ANSWERED, A_MINUTE));
    }

    /** Where its service is; null: it has none. */
    abstract @Nullable String address();

    /** An action that succeeds, and needs no body. */
    String plainAction() {
        return "ping";
    }

    Calls calls() {
        throw new UnsupportedOperationException("it calls nobody");
    }

    JsonObject body(About about) {
        throw new UnsupportedOperationException("it calls nobody: " + about);
    }

    /** What else it takes that all that comes behind one that is {@link About#FILLING} waits. */
    void fill() {}

    /** The peer answers what it holds, and what comes. */
    void release() {}

    /** What is said of the calls of a request that was answered. */
    List<String> answered() {
        return each("sent answered");
    }

    List<String> refused() {
        return each("sent failed");
    }

    /** Its deadline has passed. */
    List<String> late() {
        return each("sent givenUp");
    }

    List<String> lost() {
        return each("sent failed");
    }

    /** It has filled the window. */
    List<String> filling() {
        return each("sent");
    }

    /** It waits behind that. */
    List<String> waiting() {
        return each("");
    }

    final List<String> each(String words) {
        return calls().operations().stream()
                .map(operation -> (operation + " " + words).trim())
                .toList();
    }

    /** A request of a caller whose trace has this name. */
    final Future<Object> ask(String trace, About about, long deadlineMillis) {
        return ask(trace, calls().action(), body(about), deadlineMillis);
    }

    final Future<Object> ask(String trace, String action, JsonObject body, long deadlineMillis) {
        return ask(String.valueOf(address()), trace, action, body, deadlineMillis);
    }

    final Future<Object> ask(String to, String trace, String action, Object body, long deadlineMillis) {
        return vertx.eventBus()
                .request(
                        to,
                        body,
                        new DeliveryOptions()
                                .addHeader("action", action)
                                .addHeader("traceparent", trace)
                                .addHeader("polywire-caller", CALLER)
                                .addHeader("timeout", Long.toString(deadlineMillis))
                                .setSendTimeout(2 * A_MINUTE))
                .map(answer -> answer.body());
    }

    final void deploy(Deployable verticle, JsonObject config) {
        DeploymentOptions options = new DeploymentOptions()
                .setConfig(new JsonObject().put("drainMillis", DRAIN_MILLIS).mergeIn(config));
        deployment = Outcome.value(vertx.deployVerticle(verticle, options));
    }

    final String deployment() {
        return String.valueOf(deployment);
    }

    final void leave() {
        if (deployment != null) {
            Outcome.value(vertx.undeploy(deployment));
            deployment = null;
        }
    }

    /** In front of a port. */
    final Relay relayTo(int port) {
        relay = new Relay(port, RELAYED_BYTES);
        return relay;
    }

    final Relay relay() {
        if (relay == null) {
            throw new IllegalStateException("nothing between");
        }
        return relay;
    }

    /** The port in {@code target} of a server's status. */
    final int listening(String address) {
        JsonObject status = (JsonObject) Outcome.value(ask(address, "none", "status", new JsonObject(), A_MINUTE));
        String target = status.getString("target");
        return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    }

    /** Ends its peer. */
    void closePeer() {}

    @Override
    public void close() {
        Stream.<Runnable>of(this::leave, () -> Outcome.value(vertx.close()), this::closePeer, () -> relay().close())
                .forEach(Runnable::run);
    }
}
