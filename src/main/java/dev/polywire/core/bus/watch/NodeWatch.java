package dev.polywire.core.bus.watch;

import dev.polywire.core.bus.request.BusConsumers;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.ServiceAddress;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OwnContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of leaving: remembers its requests to services of ours, and fails those that no node holds any more,
 * typed, before they run into the bus's timeout. It asks when a connector announces that it leaves
 * ({@code SHUTTING_DOWN}: the request was lost while the connector unregistered) and when a node was lost
 * ({@code NODE_LOST}, within 2 s of the event). In normal operation it sends nothing. {@link Inquiry} describes the
 * questions and their times, and {@link Holders} the answers.
 *
 * <p>One call installs it for all requests of a Vert.x instance, whatever sends them. May be used from any thread.
 */
public final class NodeWatch implements Shareable {

    /** Where leaving connectors publish {@code {address, instance}}. Reserved: no bridge and no binding reaches it. */
    public static final String LEAVING = "polywire.leaving";

    private static final String MAP = "polywire.watch";
    /** About 30 MB: all requests that a hundred connectors admit. */
    private static final int MAX_ENTRIES = 100_000;
    /** How often it looks for requests that ended without a message; on one node the bus has mostly told it before. */
    private static final long FORGET_MILLIS = 250;

    private final Vertx vertx;
    private final OwnContext own;
    private final Outstanding outstanding;
    private final Questions questions;
    private final AtomicReference<@Nullable Membership> membership = new AtomicReference<>();
    private final LongAdder lost = new LongAdder();
    private final Future<Void> ready;
    private @Nullable MessageConsumer<JsonObject> notices;
    private long expiry = -1;

    private NodeWatch(Vertx vertx) {
        this.vertx = vertx;
        this.own = new OwnContext(vertx);
        this.outstanding = new Outstanding(MAX_ENTRIES, BusConsumers.of(vertx));
        this.questions = new Questions(vertx, this::nodes);
        this.ready = own.call(this::start);
        cover(ServiceAddress.ROOT);
        outstanding.attach(vertx.eventBus());
    }

    /**
     * Watches the requests of {@code vertx}. On one node it serves undeploys; on a cluster it reacts to connectors that
     * leave, but not to lost nodes. Installed once, however often this is called.
     */
    public static NodeWatch install(Vertx vertx) {
        return installed(vertx).computeIfAbsent(MAP, first -> new NodeWatch(Failure.install(vertx)));
    }

    /** The same on a cluster: reacts to lost nodes, too. The first membership counts. */
    public static NodeWatch install(Vertx vertx, Membership membership) {
        NodeWatch watch = install(vertx);
        if (watch.membership.compareAndSet(null, membership)) {
            membership.whenNodeLeft(watch::nodeLeft);
        }
        return watch;
    }

    /**
     * Also watches requests to {@code address}, and to all that begin with it and a dot; {@code polywire} is always
     * watched. Only for services of ours that were configured to be there: a request that no node claims fails, and a plain
     * consumer claims nothing.
     */
    public NodeWatch cover(String address) {
        outstanding.cover(address);
        return this;
    }

    /** Addresses that the bus and we ourselves use: no binding sends to them, and no bridge gives access to them. */
    public static boolean isReserved(String address) {
        return address.startsWith("__vertx")
                || address.equals(LEAVING)
                || ServiceAddress.isAtOrBelow(Holders.ADDRESS, address);
    }

    /** Completes when notices and answers reach it. Requests are remembered from the first moment on. */
    public Future<Void> ready() {
        return OwnContext.here(vertx, ready);
    }

    /** Requests that are remembered: those without an answer, and on a cluster for 250 ms those that the bus has failed. */
    public int size() {
        return outstanding.size();
    }

    /** Requests that the watch has failed, and whose callers were still waiting. */
    public long lost() {
        return lost.sum();
    }

    /** Requests that were not watched, because 100,000 were already. Each connector has the number in its {@code status}. */
    public long unwatched() {
        return outstanding.unwatched();
    }

    /** The same of the watch of {@code vertx}; 0: there is none. */
    public static long unwatched(Vertx vertx) {
        NodeWatch watch = installed(vertx).get(MAP);
        return watch == null ? 0 : watch.unwatched();
    }

    /** Stops watching, for all users of this instance. */
    public Future<Void> close() {
        installed(vertx).remove(MAP, this);
        outstanding.detach(vertx.eventBus());
        return OwnContext.here(vertx, own.call(this::stop));
    }

    private static LocalMap<String, NodeWatch> installed(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }

    private Future<Void> start() {
        expiry = vertx.setPeriodic(FORGET_MILLIS, t -> outstanding.forget(Monotonic.millis()));
        MessageConsumer<JsonObject> leaving =
                vertx.eventBus().consumer(LEAVING, notice -> left(notice.body().getString("address")));
        notices = leaving;
        return Future.join(
                        leaving.completion(),
                        questions.start(),
                        Holders.of(vertx).ready())
                .mapEmpty();
    }

    private Future<Void> stop() {
        vertx.cancelTimer(expiry);
        Future<Void> deaf = notices == null ? Future.succeededFuture() : notices.unregister();
        return Future.join(deaf, questions.stop()).mapEmpty();
    }

    /** How many nodes answer a question, 0 when the number is unknown. */
    private int nodes() {
        Membership known = membership.get();
        return !vertx.isClustered() ? 1 : known == null ? 0 : known.size();
    }

    /**
     * A request that was lost during the unregistering never ran. But a known node that does not answer may hold a request
     * that no other node claims: it may be lost itself, and the event may still follow.
     */
    private void left(String address) {
        boolean known = nodes() > 0;
        inquire(
                sentTo -> ServiceAddress.isAtOrBelow(address, sentTo),
                byAll -> byAll || !known ? Failure.SHUTTING_DOWN : Failure.NODE_LOST);
    }

    private void nodeLeft() {
        own.run(() -> inquire(all -> true, byAll -> Failure.NODE_LOST));
    }

    private void inquire(Predicate<String> addresses, Function<Boolean, Failure> failure) {
        new Inquiry(vertx, outstanding, questions, addresses, (id, byAll) -> {
                    if (outstanding.remove(id)) {
                        fail(id, failure.apply(byAll));
                    }
                })
                .begin();
    }

    /** A caller takes the first message at its reply address; after the answer has arrived no caller waits there. */
    private void fail(String replyAddress, Failure failure) {
        String why = failure == Failure.SHUTTING_DOWN
                ? "the service left before it had this request"
                : "the node that had this request is gone";
        lost.increment();
        vertx.eventBus()
                .sender(replyAddress, new DeliveryOptions().setLocalOnly(true))
                .write(failure.because(why))
                .onFailure(nobodyWaits -> lost.decrement());
    }
}
