package dev.polywire.core.bus.request;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryLoan;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceBinder;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.serviceproxy.ServiceInterceptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entrance and exit of all services of one connector instance: each message is validated, gets its deadline, counts
 * against the limit of requests in flight and in the memory budget, is answered once, and is drained when the connector
 * leaves. One context.
 */
public final class RequestTable {

    /** Header: milliseconds that the caller will still wait, as integer text. */
    public static final String TIMEOUT = "timeout";
    /** Header: the client that a bridge sends for; a bridge sets it, its clients cannot. */
    public static final String CALLER = "polywire-caller";
    /** Without the header, our typed failure must arrive before the bus's own timeout of 30 seconds. */
    public static final long DEFAULT_DEADLINE_MILLIS = 25_000;
    /** A day: a longer deadline is a mistake, since a request is not a store. */
    public static final long MAX_DEADLINE_MILLIS = 86_400_000;

    /** From this size on a request counts in the memory budget: a full table of smaller ones is 4 MiB. */
    private static final int COUNTED_BYTES = 4 * 1024;

    private final Vertx vertx;
    private final MemoryLoan memory;
    private final int maxRequests;
    private final Spi spi;
    private final Function<Throwable, ServiceException> failures;
    private final Map<String, Request<?>> held = new LinkedHashMap<>();
    private @Nullable Promise<Void> empty;
    private @Nullable Request<?> current;
    private int bounded;
    private long unanswerable;
    private long admitted;
    private long refused;
    private long answeredTwice;

    /**
     * @param name whose requests they are, for people
     * @param spi receives each request that was admitted, and its answer
     * @param failures the protocol's mapping
     */
    public RequestTable(
            Vertx vertx, String name, int maxRequests, Spi spi, Function<Throwable, ServiceException> failures) {
        this.vertx = vertx;
        this.memory = new MemoryLoan(vertx, "requests of " + name, this::dropLarge);
        this.maxRequests = maxRequests;
        this.spi = spi;
        this.failures = cause -> failures.apply(Failure.unwrapped(cause));
    }

    /** The request that was handed over last: a service method reads its own here, before any asynchronous step. */
    public Request<?> current() {
        if (current == null) {
            throw new IllegalStateException("no request has come yet");
        }
        return current;
    }

    /** Opens the door of a service: validates messages for its generated handler, and answers a bad message itself. */
    public <T> MessageConsumer<?> serve(String address, Class<T> type, T service) {
        return serve(address, type, service, true);
    }

    /**
     * The same for a room of handles. The handles bound the requests that wait there, so these do not count against the
     * limit of requests: otherwise the readers of idle streams would block all other callers.
     */
    public <T> MessageConsumer<?> serveRoom(String address, Class<T> type, T service) {
        return serve(address, type, service, false);
    }

    private <T> MessageConsumer<?> serve(String address, Class<T> type, T service, boolean bound) {
        ServiceShape shape = new ServiceShape(type);
        ServiceInterceptor guard = (owner, shared, message) -> {
            Request<JsonObject> request =
                    admit(message, bound, m -> shape.read(m.headers().get("action"), m.body()));
            return request == null ? Promise.<Message<JsonObject>>promise().future() : Future.succeededFuture(request);
        };
        return new ServiceBinder(vertx)
                .setAddress(address)
                .addInterceptor(guard)
                .register(type, ServiceDoor.of(type, service, failures));
    }

    /** Opens a raw door: the body is a buffer, the arguments are headers. */
    public MessageConsumer<?> serveRaw(String address, Set<String> actions, RawDoor door) {
        return vertx.eventBus().consumer(address, message -> {
            Request<Buffer> request = admit(message, true, m -> buffer(actions, m));
            if (request != null) {
                Failure.called(() -> door.answer(request))
                        .onSuccess(answer -> request.reply(answer.body(), answer.options()))
                        .onFailure(request::fail);
            }
        });
    }

    /** The failure that a caller gets for an exception. */
    public ServiceException failure(Throwable cause) {
        return failures.apply(cause);
    }

    /** Whether a request with this reply address has arrived and has no answer yet. */
    public boolean holds(String replyAddress) {
        return held.containsKey(replyAddress);
    }

    /** Requests without an answer. */
    public int inFlight() {
        return held.size();
    }

    /** Its counters; a late answer follows another one, mostly that of the deadline. @param count adds to {@code status} */
    public void counters(BiConsumer<String, LongSupplier> count) {
        count.accept("requests", () -> admitted);
        count.accept("refusedRequests", () -> refused);
        count.accept("lateAnswers", () -> answeredTwice);
    }

    void answeredTwice() {
        answeredTwice++;
    }

    void answering(Request<?> request, @Nullable Throwable failure) {
        spi.done(request.deadline().span(), failure);
    }

    void remove(String key, Request<?> request) {
        held.remove(key, request);
        bounded -= request.bounded() ? 1 : 0;
        memory.release(counted(request));
        if (empty != null && held.isEmpty()) {
            empty.tryComplete();
        }
    }

    /** From now on nothing is admitted. @return completes when all requests have their answer */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        empty = drained;
        if (held.isEmpty()) {
            drained.complete();
        }
        return drained.future();
    }

    /** Fails all requests that have no answer yet. */
    public void failAll(Failure failure, String why) {
        for (Request<?> request : List.copyOf(held.values())) {
            request.fail(failure.because(why));
        }
    }

    /** Those that count in the memory budget have their outcome now. */
    private void dropLarge(CallException why) {
        for (Request<?> request : List.copyOf(held.values())) {
            if (counted(request) > 0) {
                request.drop(why);
            }
        }
    }

    private static long counted(Request<?> request) {
        long bytes = request.heldBytes();
        return bytes < COUNTED_BYTES ? 0 : bytes;
    }

    private interface Reading<T> {
        T read(Message<?> message);
    }

    private <T> @Nullable Request<T> admit(Message<?> message, boolean bound, Reading<T> reading) {
        try {
            if (empty != null) {
                throw Failure.SHUTTING_DOWN.because("the service is leaving");
            }
            T body = reading.read(message);
            long millis = deadlineMillis(message);
            if (bound && bounded >= maxRequests) {
                throw Failure.OVERLOADED.because("requests: " + bounded + " (expected: < " + maxRequests + ")");
            }
            String replyAddress = message.replyAddress();
            String key = replyAddress != null ? replyAddress : "#" + ++unanswerable;
            Request<T> request = new Request<>(message, body, this, key, bound);
            if (counted(request) > 0 && !memory.take(counted(request))) {
                throw Failure.OVERLOADED.because(MemoryBudget.of(vertx).noRoomFor(counted(request)));
            }
            Object span = spi == Spi.NONE ? null : admitted(request, millis);
            request.admit(Deadline.after(vertx, millis, span, request));
            held.put(key, request);
            bounded += bound ? 1 : 0;
            admitted++;
            current = request;
            return request;
        } catch (RuntimeException no) {
            refused++;
            if (message.replyAddress() != null) {
                message.reply(Failure.of(no));
            }
            return null;
        }
    }

    private @Nullable Object admitted(Request<?> request, long millis) {
        String action = request.headers().get("action");
        return spi.admitted(
                request.caller(), request.address(), action == null ? "" : action, request.headers(), millis);
    }

    static long deadlineMillis(Message<?> message) {
        String header = message.headers().get(TIMEOUT);
        if (header == null) {
            return DEFAULT_DEADLINE_MILLIS;
        }
        Long millis = TypedValues.int64(header);
        if (millis == null || millis < 1 || millis > MAX_DEADLINE_MILLIS) {
            throw new FieldException(
                    TIMEOUT, "not in range (expected: 1 to " + MAX_DEADLINE_MILLIS + " milliseconds, as integer text)");
        }
        return millis;
    }

    private static Buffer buffer(Set<String> actions, Message<?> message) {
        String action = message.headers().get("action");
        if (action == null || !actions.contains(action)) {
            throw new FieldException(
                    "action", (action == null ? "missing" : "unknown") + " (expected: one of " + actions + ")");
        }
        if (!(message.body() instanceof Buffer bytes)) {
            throw new FieldException("body", "not bytes (expected: a buffer)");
        }
        return bytes;
    }
}
