package dev.polywire.app;

import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.core.bus.NodeWatch;
import dev.polywire.core.bus.RequestTable;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.embedded.EmbeddedServer;
import dev.polywire.embedded.EmbeddedServers;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a configuration names, running: embedded servers first, then connectors, then the bridge; stopped backwards. */
final class Program {

    private static final Logger LOG = System.getLogger("dev.polywire");

    /** How long the summary waits for a connector to be ready: long enough on one machine, short for a person. */
    private static final long SUMMARY_MILLIS = 2_000;

    private final Vertx vertx;
    private final NodeWatch watch;
    private final List<EmbeddedServer> embedded = new ArrayList<>();
    private final List<Connected> connectors = new ArrayList<>();
    private @Nullable String bridge;

    /** A connector that was deployed. */
    private record Connected(ProgramOptions.ConnectorEntry entry, String deployment, String address) {}

    private Program(Vertx vertx, NodeWatch watch) {
        this.vertx = vertx;
        this.watch = watch;
    }

    /** @return fails with a {@link FieldException} that names the path in the configuration, or with why it cannot start */
    static Future<Program> start(Vertx vertx, ProgramOptions options) {
        NodeWatch watch = NodeWatch.install(vertx);
        Program program = new Program(vertx, watch);
        Future<Void> started = Future.succeededFuture();
        for (Fields server : options.embedded()) {
            started = started.compose(before -> EmbeddedServers.start(vertx, server)
                    .onSuccess(program.embedded::add)
                    .mapEmpty());
        }
        for (ProgramOptions.ConnectorEntry entry : options.connectors()) {
            started = started.compose(before -> program.connect(entry));
        }
        JsonObject door = options.bridge();
        if (door != null) {
            started = started.compose(before -> program.open(door));
        }
        return started.map(done -> program)
                .recover(cause -> program.stop().transform(stopped -> Future.failedFuture(cause)));
    }

    /** What runs, for people: the table and a request for each connector. */
    Future<String> summary() {
        List<Future<JsonObject>> asked = connectors.stream().map(this::status).toList();
        return Future.join(asked).otherwiseEmpty().map(answered -> {
            Summary summary = new Summary();
            embedded.forEach(server -> summary.server(server.description()));
            for (int i = 0; i < asked.size(); i++) {
                Connected connector = connectors.get(i);
                JsonObject status = asked.get(i).succeeded() ? asked.get(i).result() : new JsonObject();
                summary.connector(connector.entry.protocol(), connector.address, status);
            }
            return summary.text();
        });
    }

    /** Stops in order: no new requests, then the connectors drain, then the servers behind them. */
    Future<Void> stop() {
        Future<Void> doorClosed = bridge == null ? Future.succeededFuture() : vertx.undeploy(bridge);
        return doorClosed
                .eventually(() -> Future.join(connectors.stream()
                        .map(connector -> vertx.undeploy(connector.deployment))
                        .toList()))
                .eventually(() ->
                        Future.join(embedded.stream().map(EmbeddedServer::close).toList()))
                .mapEmpty();
    }

    private Future<Void> connect(ProgramOptions.ConnectorEntry entry) {
        String name = entry.config().getString("name", defaultName(entry.protocol()));
        String address = entry.config().getString("address", "polywire." + name);
        watch.cover(address);
        vertx.eventBus().<JsonObject>consumer(address + ".events", event -> log(event.body()));
        return vertx.deployVerticle(
                        entry.protocol().verticle()::get,
                        new DeploymentOptions().setConfig(entry.config()).setInstances(entry.instances()))
                .recover(cause -> Future.failedFuture(at(entry.path(), cause)))
                .onSuccess(id -> connectors.add(new Connected(entry, id, address)))
                .mapEmpty();
    }

    private Future<Void> open(JsonObject config) {
        return vertx.deployVerticle(new TcpBridgeVerticle(), new DeploymentOptions().setConfig(config))
                .recover(cause -> Future.failedFuture(at("bridge", cause)))
                .onSuccess(id -> bridge = id)
                .mapEmpty();
    }

    /** What a connector says of itself, after it had a moment to reach its peer. */
    private Future<JsonObject> status(Connected connector) {
        return ask(connector, "ping").transform(pinged -> ask(connector, "status"));
    }

    private Future<JsonObject> ask(Connected connector, String action) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader("action", action)
                .addHeader(RequestTable.TIMEOUT, Long.toString(SUMMARY_MILLIS))
                .setSendTimeout(2 * SUMMARY_MILLIS);
        return vertx.eventBus()
                .<JsonObject>request(connector.address, new JsonObject(), options)
                .map(Message::body);
    }

    private static String defaultName(Protocol protocol) {
        return protocol == Protocol.FRAMED_CLIENT ? "framed" : protocol.type();
    }

    private static Throwable at(String path, Throwable cause) {
        return cause instanceof FieldException field
                ? new FieldException(path + "." + field.path(), field.complaint())
                : cause;
    }

    private static void log(JsonObject event) {
        String reason = event.getString("reason");
        LOG.log(
                Level.INFO,
                event.getString("name") + " (" + event.getString("target") + ") is " + event.getString("state")
                        + (reason == null ? "" : ": " + reason));
    }
}
