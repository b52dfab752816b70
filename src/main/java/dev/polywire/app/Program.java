package dev.polywire.app;

import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.core.bus.MissingLibraryException;
import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.Spi;
import dev.polywire.embedded.EmbeddedOptions;
import dev.polywire.embedded.EmbeddedServer;
import dev.polywire.embedded.EmbeddedServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A running configuration: embedded servers first, then connectors, then the bridge; stopped in reverse order. */
public final class Program {

    private static final Logger LOG = System.getLogger("dev.polywire");

    /** How long the summary waits for a connector to be ready: enough on one machine, short for a person. */
    private static final long SUMMARY_MILLIS = 2_000;

    private final Vertx vertx;
    private final Configuration started;
    private final boolean guest;
    private final List<EmbeddedServer> embedded = new CopyOnWriteArrayList<>();
    private final Connectors connectors;
    private final Door door;
    /** Reloads and the stop run one after another. */
    private Future<Void> last = Future.succeededFuture();

    /** Of the last configuration that was applied. */
    private ProgramOptions options;

    private boolean stopping;

    private Program(
            Vertx vertx, NodeWatch watch, Configuration configuration, FreedPort freed, Spi spi, boolean guest) {
        this.vertx = vertx;
        this.started = configuration;
        this.guest = guest;
        this.options = configuration.options();
        this.door = new Door(vertx, (bridge, entry) -> bridge.reload(entry.config()), freed, spi);
        this.connectors = new Connectors(vertx, watch, freed, spi, guest ? door::gone : Future::succeededFuture);
    }

    /** Without metrics and traces. */
    public static Future<Program> start(Vertx vertx, Configuration configuration) {
        return start(vertx, configuration, Spi.NONE);
    }

    /**
     * @param spi for metrics and traces of all connectors and the bridge
     * @return fails with a {@link StartException} when a part cannot start; then nothing is left running
     */
    public static Future<Program> start(Vertx vertx, Configuration configuration, Spi spi) {
        return start(vertx, configuration, new FreedPort(vertx), spi);
    }

    static Future<Program> start(Vertx vertx, Configuration configuration, FreedPort freed, Spi spi) {
        Polywire.install(vertx, configuration.options().common());
        Polywire.endsAt(vertx, Long.MAX_VALUE);
        return start(vertx, configuration, freed, spi, false);
    }

    /**
     * In an application's Vert.x, which may run other connectors too: nothing changes that applies to all of them. Called on
     * the context of a verticle. When Vert.x undeploys that, the parts leave in order.
     */
    static Future<Program> startAsGuest(Vertx vertx, Configuration configuration, Spi spi) {
        return start(vertx, configuration, new FreedPort(vertx), spi, true);
    }

    private static Future<Program> start(
            Vertx vertx, Configuration configuration, FreedPort freed, Spi spi, boolean guest) {
        NodeWatch watch = NodeWatch.install(vertx);
        Program program = new Program(vertx, watch, configuration, freed, spi, guest);
        ProgramOptions options = configuration.options();
        Future<Void> up = watch.ready();
        List<EmbeddedOptions> servers = options.embedded();
        for (int i = 0; i < servers.size(); i++) {
            EmbeddedOptions server = servers.get(i);
            up = program.then(
                    up,
                    "embedded[" + i + "]",
                    server.type().word(),
                    () -> EmbeddedServers.start(vertx, server).onSuccess(program.embedded::add));
        }
        List<ConnectorEntry> entries = options.connectors();
        for (int i = 0; i < entries.size(); i++) {
            ConnectorEntry entry = entries.get(i);
            up = program.then(up, "connectors[" + i + "]", entry.name(), () -> program.connectors.start(entry));
        }
        return program.then(up, "bridge", "bridge", () -> program.door.become(options.bridge()))
                .map(done -> program)
                .recover(cause -> program.stop().transform(stopped -> Future.failedFuture(cause)));
    }

    /**
     * Applies another configuration. Unchanged parts continue undisturbed; a changed connector is replaced, see {@link
     * Connectors}. The limit of memory applies at once. Embedded servers hold their data in memory, and change at the next start
     * only.
     *
     * @return completes when all old parts have left; fails when the bridge cannot be changed
     */
    public synchronized Future<Void> reload(Configuration next) {
        last = last.transform(before -> stopping ? Future.succeededFuture() : apply(next));
        return last;
    }

    /** The running parts, for people: the table and a request for each connector. */
    public Future<String> summary() {
        List<ConnectorEntry> entries = connectors.entries();
        List<Future<JsonObject>> asked = entries.stream().map(this::status).toList();
        return Future.join(asked).otherwiseEmpty().map(answered -> {
            StartupSummary summary = door.summary();
            embedded.forEach(server -> summary.server(server.description()));
            for (int i = 0; i < asked.size(); i++) {
                JsonObject status = asked.get(i).succeeded() ? asked.get(i).result() : new JsonObject();
                summary.connector(entries.get(i), status);
            }
            return summary.text();
        });
    }

    /**
     * Stops in order: no new requests, then the connectors drain, then the servers behind them. The longest {@code drainMillis} of
     * the configuration is the time for all of them together; as a guest, each has its own.
     */
    public synchronized Future<Void> stop() {
        stopping = true;
        if (!guest) {
            Polywire.endsAt(vertx, Monotonic.millis() + options.longestDrainMillis());
        }
        last = last.transform(before -> door.close())
                .eventually(connectors::stop)
                .eventually(() -> Future.join(embedded.stream().map(this::close).toList()))
                .mapEmpty();
        return last;
    }

    /** The port that the bridge listens on; 0: there is no bridge. */
    int bridgePort() {
        return door.port();
    }

    /** What runs or is stopping, as a text for people. From any thread. */
    String standing() {
        List<String> standing = new ArrayList<>();
        if (door.isStanding()) {
            standing.add("bridge");
        }
        standing.addAll(connectors.standing());
        embedded.forEach(server -> standing.add(server.description()));
        return standing.isEmpty() ? "Vert.x" : String.join(", ", standing);
    }

    /** One step of the start. @param path of its part in the configuration */
    private Future<Void> then(Future<Void> before, String path, String name, Supplier<Future<?>> step) {
        return before.compose(up -> MissingLibraryException.told(
                        () -> step.get().<Void>mapEmpty())
                .recover(cannot -> Future.failedFuture(
                        new StartException(started.where(path) + ": " + name + ": " + cannot.getMessage(), cannot))));
    }

    private Future<Void> close(EmbeddedServer server) {
        return server.close().onSuccess(closed -> embedded.remove(server));
    }

    private Future<Void> apply(Configuration next) {
        ProgramOptions before = options;
        options = next.options();
        if (!options.embedded().equals(started.options().embedded())) {
            LOG.log(Level.WARNING, "embedded: changes at the next start only");
        }
        Polywire.install(vertx, options.common());
        if (!options.common().equals(before.common())) {
            LOG.log(Level.INFO, "configuration changed: memory");
        }
        return connectors.become(options.connectors()).compose(changed -> {
            changed.stream().sorted().forEach(name -> LOG.log(Level.INFO, "configuration changed: " + name));
            return door.become(options.bridge()).map(other -> {
                if (other) {
                    LOG.log(Level.INFO, "configuration changed: bridge");
                }
                return null;
            });
        });
    }

    /** The status of a connector, after a moment for reaching its peer. */
    private Future<JsonObject> status(ConnectorEntry connector) {
        return ask(connector, "ping").transform(pinged -> ask(connector, "status"));
    }

    private Future<JsonObject> ask(ConnectorEntry connector, String action) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader("action", action)
                .addHeader(RequestTable.TIMEOUT, Long.toString(SUMMARY_MILLIS))
                .setSendTimeout(2 * SUMMARY_MILLIS);
        return vertx.eventBus()
                .<JsonObject>request(connector.address(), new JsonObject(), options)
                .map(Message::body);
    }
}
