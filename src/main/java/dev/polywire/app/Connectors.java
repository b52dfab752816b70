package dev.polywire.app;

import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.net.Spi;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The running connectors, by name, and their replacement after a change of the configuration.
 *
 * <p>A connector whose settings changed is replaced: its successor starts at the same address, then the old one leaves, so
 * the address always has a consumer. A connector whose port the successor needs leaves first: until the successor is up,
 * requests to its address fail with a retryable failure.
 */
final class Connectors {

    private static final Logger LOG = System.getLogger("dev.polywire");

    private final Vertx vertx;
    private final NodeWatch watch;
    private final FreedPort freed;
    private final Spi spi;
    private final Supplier<Future<Void>> before;
    /** Changed by one operation at a time, on any thread; the summary reads it meanwhile. */
    private final Map<String, Running> running = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Those above and those that are leaving. */
    private final Set<Running> standing = ConcurrentHashMap.newKeySet();

    private final Map<String, MessageConsumer<JsonObject>> events = new ConcurrentHashMap<>();
    private final EventLog log = new EventLog();

    private record Running(ConnectorEntry entry, String deployment) {}

    /**
     * @param watch is given the addresses whose requests it watches
     * @param before gives what a connector waits for before it leaves
     */
    Connectors(Vertx vertx, NodeWatch watch, FreedPort freed, Spi spi, Supplier<Future<Void>> before) {
        this.vertx = vertx;
        this.watch = watch;
        this.freed = freed;
        this.spi = spi;
        this.before = before;
    }

    /** The running connectors, in the order in which they were started. */
    List<ConnectorEntry> entries() {
        return List.copyOf(running.values()).stream().map(Running::entry).toList();
    }

    /** The names of all that have not stopped. From any thread. */
    List<String> standing() {
        return standing.stream().map(each -> each.entry.name()).sorted().toList();
    }

    Future<Void> start(ConnectorEntry entry) {
        watch.cover(entry.address());
        events.computeIfAbsent(
                entry.address(),
                address ->
                        vertx.eventBus().<JsonObject>consumer(address + ".events", event -> log.event(event.body())));
        return vertx.deployVerticle(
                        () -> new OrderedPart(entry.protocol().verticle(spi), before),
                        new DeploymentOptions().setConfig(entry.config()).setInstances(entry.instances()))
                .onSuccess(deployment -> {
                    Running started = new Running(entry, deployment);
                    running.put(entry.name(), started);
                    standing.add(started);
                })
                .mapEmpty();
    }

    /**
     * Runs these connectors and no others; unchanged ones are not touched.
     *
     * @return the names that changed, after all old connectors have left. A connector that cannot start is logged, and the
     *     old one continues
     */
    Future<Set<String>> become(List<ConnectorEntry> wanted) {
        Map<String, ConnectorEntry> next = new LinkedHashMap<>();
        wanted.forEach(entry -> next.put(entry.name(), entry));
        List<Running> leaving = List.copyOf(running.values()).stream()
                .filter(each -> !each.entry.equals(next.get(each.entry.name())))
                .toList();
        List<ConnectorEntry> starting =
                wanted.stream().filter(entry -> !entries().contains(entry)).toList();
        Set<Integer> ports =
                starting.stream().map(Connectors::port).filter(Objects::nonNull).collect(Collectors.toSet());
        Predicate<Running> inTheWay = each -> ports.contains(port(each.entry));
        Map<String, Running> before = new LinkedHashMap<>(running);
        return each(leaving.stream().filter(inTheWay).toList(), this::leave)
                .compose(gone -> each(starting, entry -> replace(entry, before.get(entry.name()), inTheWay)))
                .compose(started -> each(
                        leaving.stream().filter(inTheWay.negate()).toList(),
                        each -> hasGivenWay(each, next) ? leave(each) : Future.succeededFuture()))
                .map(done -> {
                    Set<String> addresses =
                            entries().stream().map(ConnectorEntry::address).collect(Collectors.toSet());
                    events.entrySet().removeIf(listener -> {
                        boolean unused = !addresses.contains(listener.getKey());
                        if (unused) {
                            listener.getValue().unregister();
                        }
                        return unused;
                    });
                    return changed(before, leaving, starting);
                });
    }

    /** Drains all connectors at the same time. */
    Future<Void> stop() {
        return each(List.copyOf(running.values()), this::leave);
    }

    /** When the successor cannot start, its predecessor continues, or starts again if it had to leave first. */
    private Future<Void> replace(ConnectorEntry entry, @Nullable Running predecessor, Predicate<Running> hasLeft) {
        return freed.take(() -> start(entry)).recover(cannot -> {
            LOG.log(
                    Level.ERROR,
                    entry.name() + " cannot start with its new settings"
                            + (predecessor == null ? "" : "; the old ones stay") + ": " + cannot.getMessage());
            return predecessor != null && hasLeft.test(predecessor)
                    ? freed.take(() -> start(predecessor.entry))
                            .onFailure(lost ->
                                    LOG.log(Level.ERROR, entry.name() + " cannot come back: " + lost.getMessage()))
                    : Future.succeededFuture();
        });
    }

    private boolean hasGivenWay(Running each, Map<String, ConnectorEntry> next) {
        return !next.containsKey(each.entry.name()) || running.get(each.entry.name()) != each;
    }

    private Future<Void> leave(Running leaver) {
        running.remove(leaver.entry.name(), leaver);
        return vertx.undeploy(leaver.deployment).onComplete(left -> standing.remove(leaver));
    }

    private static Set<String> changed(
            Map<String, Running> before, List<Running> leaving, List<ConnectorEntry> starting) {
        List<String> names = new ArrayList<>();
        leaving.forEach(each -> names.add(each.entry.name()));
        starting.stream()
                .map(ConnectorEntry::name)
                .filter(name -> !before.containsKey(name))
                .forEach(names::add);
        return Set.copyOf(names);
    }

    /** All at the same time; one that fails does not stop the others. */
    private static <T> Future<Void> each(Collection<T> all, Function<T, Future<Void>> step) {
        return Future.join(all.stream().map(step).toList()).otherwiseEmpty().mapEmpty();
    }

    /** The port that only one connector can have, or null. */
    private static @Nullable Integer port(ConnectorEntry entry) {
        int port = entry.settings().endpoint().port();
        return entry.protocol().listens() && port != 0 ? port : null;
    }
}
