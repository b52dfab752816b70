package dev.polywire.core.bus;

import dev.polywire.core.bus.binding.Bindings;
import dev.polywire.core.bus.handle.HandleRoom;
import dev.polywire.core.bus.handle.HeldTransaction;
import dev.polywire.core.bus.handle.Rooms;
import dev.polywire.core.bus.handle.Transactions;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.stream.Streams;
import dev.polywire.core.bus.watch.Holders;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.Printable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connector instance on the bus: its service, its raw door, its rooms of handles, its status and events.
 *
 * <pre>
 *   polywire.mongodb                       the service, shared by all instances
 *   polywire.mongodb.raw                   the same in bytes
 *   polywire.mongodb.events                published: every change of state, and the protocol's own events
 *   polywire.mongodb.streams.&lt;instance&gt;    handles of this instance
 *   polywire.holds                         node watches ask here which requests this connector holds
 *   polywire.leaving                       published when the connector leaves
 * </pre>
 */
public final class Connector implements Link.Listener {

    /** The counter that is one number for all connectors of a Vert.x instance. */
    static final String OF_ALL = "unwatched";

    /** How long a peer may take to receive our goodbye. */
    private static final long RELEASE_MILLIS = 5_000;

    private final Vertx vertx;
    private final ConnectorOptions options;
    private final String protocol;
    private String target;
    private final RequestTable requests;
    private final Streams streams;
    private final Rooms rooms;
    private @Nullable Bindings bindings;
    private final Map<String, LongSupplier> counters = new TreeMap<>();
    private final Map<String, Supplier<JsonObject>> parts = new TreeMap<>();
    private final List<MessageConsumer<?>> doors = new ArrayList<>();
    private Runnable forgetHeld = () -> {};
    private Runnable forget = () -> {};
    private ConnectorState state = ConnectorState.CONNECTING;
    private boolean announced;
    private @Nullable String reason;
    private Instant since = Instant.now();

    /** Without metrics and traces. */
    public Connector(Vertx vertx, ConnectorOptions options, String protocol, String target) {
        this(vertx, options, protocol, target, Spi.NONE, Failure::of);
    }

    /**
     * Must be called on the context of its verticle.
     *
     * @param target the peer, as text for people
     * @param spi observes the requests
     * @param failures the protocol's mapping: what a caller gets for an exception; {@link Failure#of} maps the rest
     */
    public Connector(
            Vertx vertx,
            ConnectorOptions options,
            String protocol,
            String target,
            Spi spi,
            Function<Throwable, ServiceException> failures) {
        this.vertx = Polywire.install(vertx);
        this.options = options;
        this.protocol = protocol;
        this.target = target;
        this.requests = new RequestTable(vertx, options.address(), options.maxRequests(), spi, failures);
        this.rooms = new Rooms(
                vertx,
                options.address(),
                requests,
                options.leaseMillis(),
                options.maxStreams(),
                options.maxStreamsPerCaller());
        this.streams = new Streams(vertx, requests, rooms);
        requests.counters(this::count);
        count("lapsedStreams", streams::lapsed);
        count("lateSettlements", streams::lateSettlements);
        count(OF_ALL, () -> NodeWatch.unwatched(vertx));
    }

    public ConnectorOptions options() {
        return options;
    }

    public RequestTable requests() {
        return requests;
    }

    public Streams streams() {
        return streams;
    }

    /** The bindings of a protocol that has items to send; requested before {@link #serve}, or there are none. */
    public Bindings bindings() {
        if (bindings == null) {
            bindings = new Bindings(vertx, requests, rooms, this::count);
        }
        return bindings;
    }

    /**
     * A room of the protocol's own handles; made before {@link #serve}.
     *
     * @param what the name of one handle; the room's name is its plural
     * @param service answers the requests in the room
     */
    public <T extends HandleRoom.Held, S> HandleRoom<T> room(String what, Class<S> type, S service) {
        return rooms.room(what, type, service);
    }

    /** The room of open transactions of a protocol that has them, with its numbers. As {@link #room}. */
    public <T extends HeldTransaction, S> Transactions<T> transactions(Class<S> type, S service) {
        HandleRoom<T> open = room("transaction", type, service);
        count("openTransactions", open::size);
        count("lapsedTransactions", open::lapsed);
        return new Transactions<>(open, this::failure);
    }

    /** Adds a number to {@code status}. */
    public void count(String name, LongSupplier value) {
        counters.put(name, value);
    }

    /** Adds a part to {@code status}, and not to events. @param part is asked each time */
    public void describe(String name, Supplier<JsonObject> part) {
        parts.put(name, part);
    }

    /** The system has chosen the endpoint's port. */
    public void listening(int port) {
        target = target.substring(0, target.lastIndexOf(':') + 1) + port;
    }

    /** What the outcome of the first attempt to reach the peer means for the deployment: {@code failFast}. */
    public Future<Void> firstAttempt(Future<Void> outcome) {
        return options.failFast()
                ? outcome.recover(cause -> Future.failedFuture(failure(cause)))
                : Future.succeededFuture();
    }

    /** The failure that a caller gets for an exception: the protocol's mapping. */
    public ServiceException failure(Throwable cause) {
        return requests.failure(cause);
    }

    /**
     * Registers the rooms first, then the service, so that a handle's address is known before its caller gets it. Questions
     * about lost requests are answered before the first request arrives, and {@link Instances} can be asked by then.
     */
    public <T> Future<Void> serve(Class<T> type, T service) {
        Holders holders = Holders.of(vertx);
        forgetHeld = holders.add(requests::holds);
        Instances instances = Instances.of(vertx);
        forget = instances.add(options, this::described);
        return holders.ready()
                .compose(heard -> instances.ready())
                .compose(asked -> rooms.open())
                .compose(known -> opened(requests.serve(options.address(), type, service)))
                .onFailure(notServed -> {
                    forgetHeld.run();
                    forget.run();
                });
    }

    /**
     * As above, and then also registers {@code <address>.raw}.
     *
     * @param actions the values of the header {@code action} that the raw door accepts
     */
    public <T> Future<Void> serve(Class<T> type, T service, Set<String> actions, RawDoor raw) {
        return serve(type, service)
                .compose(served -> opened(
                        requests.serveRaw(options.address() + ".raw", Collections.unmodifiableSet(actions), raw)));
    }

    private Future<Void> opened(MessageConsumer<?> door) {
        doors.add(door);
        return door.completion();
    }

    /** Sets the connector's state; a change is published on {@code <address>.events}. */
    public void become(ConnectorState next, @Nullable String why) {
        if (state != next || why != null || !announced) {
            announced = true;
            since = state == next ? since : Instant.now();
            state = next;
            reason = why == null ? null : Printable.line(why);
            vertx.eventBus().publish(options.address() + ".events", described());
        }
    }

    /** Publishes another event than a change of state; its body is that of a change of state with {@code what} as an additional field. */
    public void publish(String field, JsonObject what) {
        vertx.eventBus().publish(options.address() + ".events", described().put(field, what));
    }

    /** For a connector with a link to the peer: the link's state becomes the connector's state. */
    @Override
    public void state(Link.State link, @Nullable RuntimeException cause) {
        become(ConnectorState.valueOf(link.name()), cause == null ? null : cause.getMessage());
    }

    public ConnectorState state() {
        return state;
    }

    /** The reply to {@code status} of every service: what an event has, the {@code memory} of all connectors together, and the protocol's {@link #describe parts}. */
    public JsonObject status() {
        JsonObject status = described().put("memory", MemoryBudget.of(vertx).status());
        parts.forEach((name, part) -> status.put(name, part.get()));
        return status;
    }

    /** The body of every event. Without the memory: there may be an event for each connection, and that looks at all. */
    private JsonObject described() {
        JsonObject counts = new JsonObject();
        counters.forEach((name, value) -> counts.put(name, value.getAsLong()));
        JsonObject status = new JsonObject()
                .put("name", options.name())
                .put("protocol", protocol)
                .put("address", options.address())
                .put("instance", rooms.instance())
                .put("target", target)
                .put("state", state.word())
                .put("since", since.toString())
                .put("inFlight", requests.inFlight())
                .put("streams", streams.size())
                .put("counters", counts);
        if (bindings != null) {
            status.put("bindings", bindings.status());
        }
        return reason == null ? status : status.put("reason", reason);
    }

    /**
     * Leaves: takes no new request, gives those in flight up to {@code drainMillis}, less when all {@linkplain Polywire#endsAt
     * ends} earlier, and fails the rest, typed.
     *
     * @param release closes what the connector holds, so that each call in flight fails with its true outcome; a peer
     *     that does not close is not waited for
     */
    public Future<Void> leave(Supplier<Future<Void>> release) {
        rooms.refuse();
        long drainMillis = Polywire.drainMillis(vertx, options.drainMillis());
        return Future.join(doors.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> {
                    sayLeaving();
                    return Future.join(
                            within(drainMillis, rooms.releaseAll()),
                            endBindings(drainMillis),
                            rooms.close(),
                            within(drainMillis, requests.drain()));
                })
                .eventually(() -> within(RELEASE_MILLIS, release.get()))
                .eventually(() -> {
                    requests.failAll(Failure.UNKNOWN_OUTCOME, "the connector left with this request running");
                    become(ConnectorState.CLOSED, null);
                    sayLeaving();
                    forgetHeld.run();
                    forget.run();
                    return Future.succeededFuture();
                })
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Unread messages to this connector are lost: published when the doors are closed, and again when the rooms are. */
    private void sayLeaving() {
        vertx.eventBus()
                .publish(
                        NodeWatch.LEAVING,
                        new JsonObject().put("address", options.address()).put("instance", rooms.instance()));
    }

    private Future<Void> endBindings(long drainMillis) {
        Bindings giving = bindings;
        return giving == null
                ? Future.succeededFuture()
                : within(drainMillis, giving.closeAll()).onComplete(ended -> giving.abandon());
    }

    /** Completes when {@code work} ends, with success or failure, or when the time is over. */
    private Future<Void> within(long millis, Future<Void> work) {
        Promise<Void> over = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, millis), t -> over.tryComplete());
        work.onComplete(ended -> over.tryComplete());
        return over.future().onComplete(ended -> vertx.cancelTimer(timer));
    }
}
