package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.handle.HandleRoom;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.stream.SettledSource;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the items of a source to an address, each as a request. {@link BindingService} explains what the answers mean.
 *
 * <pre>
 *   source --pull--> kept --request--> out --answer--> settled
 *                      ^----------------+ requeued, after a while
 *                      ^----------------+ no answer: the binding pauses, then sends one item, then all of them
 *   source <--too long--+ paused: it gives back what is kept, and holds one item at a time
 * </pre>
 *
 * The number of items that are not settled never exceeds the prefetch, and the memory budget has their bytes; those of a
 * {@link SettledSource} are counted there. Belongs to one context.
 */
final class Binding implements HandleRoom.Held, MemoryHolder {

    /** The memory of a request without an answer, beside its item. */
    static final int REQUEST_BYTES = 512;

    private final Vertx vertx;
    private final StreamSource source;
    private final BindingOptions options;
    private final BindingCounters counters;
    private final Function<Throwable, ServiceException> failures;
    private final BiConsumer<Binding, String> opened;
    private final String name = UUID.randomUUID().toString();
    private final KeptDeliveries kept;
    private final SourceBooks books;
    private final Promise<Void> ended = Promise.promise();
    private final DeliveryGate gate;
    /** Sent, and without an answer. */
    private final Set<Delivery> out = new HashSet<>();

    private final MemoryAccount memory;
    /** Of all items that are not settled. */
    private long itemBytes;

    private long pulled;
    private boolean pulling;
    private final @Nullable Holding holding;
    private boolean exhausted;
    private boolean leaving;
    private boolean over;
    private @Nullable Throwable failure;
    private boolean advancing;
    private boolean more;

    /**
     * @param failures the protocol's mapping, for the failure that ends the source
     * @param opened is called when the binding has its handle
     */
    Binding(
            Vertx vertx,
            StreamSource source,
            BindingOptions options,
            BindingCounters counters,
            Function<Throwable, ServiceException> failures,
            BiConsumer<Binding, String> opened) {
        this.vertx = vertx;
        this.source = source;
        this.options = options;
        this.counters = counters;
        this.failures = failures;
        this.opened = opened;
        this.kept = new KeptDeliveries(vertx);
        this.books = new SourceBooks(source, counters);
        this.gate = new DeliveryGate(vertx, this::advance);
        this.memory = MemoryBudget.of(vertx).open("binding to " + options.address(), this);
        if (source instanceof SettledSource settled) {
            settled.cutHandler(this::cut);
            settled.lapseHandler(this::lapsed);
        }
        this.holding = source instanceof HeldSource held ? new Holding(vertx, held, kept, counters) : null;
    }

    @Override
    public void opened(String id) {
        opened.accept(this, id);
    }

    /** A binding works without any call to its handle, so its lease never lapses. */
    @Override
    public boolean inUse() {
        return true;
    }

    @Override
    public Future<Void> release(Failure why) {
        return close();
    }

    /** Starts to send items. @return completes when the binding has ended, or fails as the source did */
    Future<Void> start() {
        advance();
        return ended.future();
    }

    JsonObject status() {
        return new JsonObject()
                .put("address", options.address())
                .put("prefetch", options.prefetch())
                .put("unanswered", out.size())
                .put("paused", !gate.isOpen());
    }

    /** Stops sending. @return completes when all sent items have an answer and the other items were given back */
    Future<Void> close() {
        leaving = true;
        gate.close();
        if (holding != null) {
            holding.end();
        }
        endIfSettled();
        return ended.future();
    }

    /** The source gives nothing more: what is not sent goes back at once. */
    private void cut(Throwable cause) {
        exhausted = true;
        failure = cause;
        close();
        giveBack();
    }

    /** Stops waiting; the protocol decides about the items that were sent and have no answer. */
    void abandon() {
        leaving = true;
        counters.abandoned += out.size();
        out.forEach(Delivery::forget);
        out.clear();
        close();
    }

    @Override
    public void read(boolean on) {
        if (on) {
            advance();
        }
    }

    /** What was sent may still be worked on; what was not goes back to the source, which holds it then. */
    @Override
    public void drop(CallException why) {
        failure = why;
        abandon();
    }

    private void advance() {
        more = true;
        if (advancing) {
            return;
        }
        advancing = true;
        while (more) {
            more = false;
            send();
            pull();
        }
        advancing = false;
        hold();
        endIfSettled();
    }

    private void send() {
        while (!leaving && kept.hasReady() && gate.pass()) {
            send(kept.take());
        }
    }

    private void pull() {
        int most = gate.isOpen() ? options.prefetch() : gate.isTrying() && !kept.hasReady() ? 1 : 0;
        int room = Math.min(most, options.prefetch() - out.size() - kept.size());
        if (room > 0 && memory.mayRead() && !pulling && !exhausted && !leaving) {
            pulling = true;
            page(room).onComplete((page, cause) -> {
                pulling = false;
                if (cause == null) {
                    take(page);
                } else {
                    exhausted = true;
                    failure = cause;
                }
                advance();
            });
        }
    }

    private Future<StreamSource.Page> page(int room) {
        return Failure.called(() -> source.pull(room, StreamSource.MAX_PAGE_BYTES));
    }

    private void take(StreamSource.Page page) {
        if (over) {
            return;
        }
        exhausted = page.done();
        for (int i = 0; i < page.items().size(); i++) {
            pulled++;
            counters.given++;
            Object item = page.items().getValue(i);
            long bytes = source instanceof SettledSource ? 0 : JsonWeight.of(item);
            itemBytes += bytes;
            kept.add(new Delivery(pulled, item, bytes));
        }
        count();
    }

    private void count() {
        memory.holds(itemBytes + (long) REQUEST_BYTES * out.size());
    }

    private void send(Delivery delivery) {
        out.add(delivery);
        counters.delivered++;
        request(delivery).onComplete(answered -> {
            if (over) {
                return;
            }
            out.remove(delivery);
            if (answered.succeeded()) {
                acknowledged(delivery);
            } else {
                failed(delivery, answered.cause());
            }
            count();
            advance();
        });
        // May drop all that is out, so not before it was sent.
        count();
    }

    private Future<?> request(Delivery delivery) {
        try {
            return vertx.eventBus()
                    .request(
                            options.address(),
                            delivery.item(),
                            new DeliveryOptions()
                                    .addHeader("deliveryId", name + "-" + delivery.number())
                                    .addHeader(RequestTable.TIMEOUT, Long.toString(options.timeoutMillis()))
                                    .setSendTimeout(options.timeoutMillis()));
        } catch (IllegalArgumentException noCodec) {
            return Future.failedFuture(noCodec);
        }
    }

    private void failed(Delivery delivery, Throwable cause) {
        String reason = DeliveryOutcome.reason(cause);
        switch (DeliveryOutcome.of(cause)) {
            case REJECTED -> {
                gate.answered();
                rejected(delivery, reason);
            }
            case REQUEUED -> {
                gate.answered();
                requeue(delivery, reason);
            }
            case TIMED_OUT -> {
                gate.late();
                counters.timeouts++;
                timedOut(delivery, reason);
            }
            case NO_ANSWER -> {
                counters.noAnswers++;
                keep(delivery);
                if (!leaving && gate.nobody()) {
                    counters.pauses++;
                }
            }
        }
    }

    private void acknowledged(Delivery delivery) {
        gate.answered();
        itemBytes -= delivery.bytes();
        books.acknowledge(delivery);
    }

    private void rejected(Delivery delivery, String reason) {
        itemBytes -= delivery.bytes();
        books.reject(delivery, reason);
    }

    private void requeue(Delivery delivery, String reason) {
        if (!books.requeue(delivery, reason)) {
            again(delivery);
        }
    }

    /** Sends the item again, in its place. */
    private void again(Delivery delivery) {
        counters.requeued++;
        long millis = delivery.requeueMillis();
        if (millis == 0 || leaving) {
            keep(delivery);
        } else {
            kept.add(delivery, millis, this::advance);
        }
    }

    private void keep(Delivery delivery) {
        if (delivery.isLost()) {
            books.giveBack(List.of(delivery));
        } else {
            kept.add(delivery);
        }
    }

    /** A protocol that requeues delivers a new item, so only the binding can count the first timeout. */
    private void timedOut(Delivery delivery, String reason) {
        switch (options.onTimeout()) {
            case REQUEUE -> requeue(delivery, reason);
            case REJECT -> rejected(delivery, reason);
            case REQUEUE_ONCE -> {
                if (delivery.timedOut()) {
                    again(delivery);
                } else {
                    rejected(delivery, reason);
                }
            }
        }
    }

    private void endIfSettled() {
        boolean settled = out.isEmpty() && (leaving || exhausted && kept.size() == 0);
        if (settled && !over) {
            over = true;
            giveBack();
            memory.close();
            Failure.called(source::close).onComplete((closed, notClosed) -> {
                Throwable cause = failure == null ? notClosed : failure;
                ended.complete(null, cause == null ? null : failures.apply(cause));
            });
        }
    }

    private void giveBack() {
        books.giveBack(kept.takeAll());
    }

    /** The source gives again what is not settled of these. What is out may still be worked on. */
    private void lapsed(long first, long last) {
        out.stream().filter(each -> each.isOf(first, last)).forEach(Delivery::lost);
        books.giveBack(kept.take(first, last));
        advance();
    }

    private void hold() {
        if (holding != null && (leaving || exhausted)) {
            holding.end();
        } else if (holding != null) {
            holding.look(gate.isOpen(), pulled);
        }
    }
}
