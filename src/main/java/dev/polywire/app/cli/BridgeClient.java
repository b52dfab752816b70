package dev.polywire.app.cli;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.CallException;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the bridge, for blocking callers: one thread reads, any thread sends. Every failure is a
 * {@link ServiceException} with a code of {@link Failure}; once the connection is broken, every call fails with the reason.
 */
final class BridgeClient implements AutoCloseable {

    /** The bridge answers by the deadline; this covers the round trip, and the bus's own failures. */
    private static final long HOP_MILLIS = 5_000;
    /** A bridge closes a silent client. */
    private static final long SILENCE_MILLIS = 10_000;
    /** Published messages that wait for the caller; then reading stops, and the bridge detects a slow client. */
    private static final int MAX_WAITING = 256;

    /** Marks the end of published messages. */
    private static final JsonObject END = new JsonObject();

    private final FrameSocket frames;
    private final AtomicLong asked = new AtomicLong();
    private final Map<String, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<JsonObject>> pings = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<JsonObject> loggedIn = new CompletableFuture<>();
    private final BlockingQueue<JsonObject> published = new ArrayBlockingQueue<>(MAX_WAITING);
    private final CompletableFuture<ServiceException> broken = new CompletableFuture<>();

    /** Starts reading; {@code frames} is closed with this client. */
    BridgeClient(FrameSocket frames) {
        this.frames = frames;
        Thread reader = new Thread(this::readAll, "bridge-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** Sends the credentials, before anything else. */
    void login(String token, long timeoutMillis) {
        write(new JsonObject().put("type", "auth").put("token", token));
        outcome(loggedIn, timeoutMillis, Failure.CONNECTION_LOST, Failure.UNAVAILABLE);
    }

    /**
     * One request.
     *
     * @param timeoutMillis the time the service has
     * @param whenLost the failure when the connection breaks before the answer
     * @return the answer's body
     */
    @Nullable
    Object call(String address, String action, JsonObject body, long timeoutMillis, Failure whenLost) {
        String replyAddress = replyAddress();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        waiting.put(replyAddress, answer);
        try {
            send(address, action, replyAddress, body, timeoutMillis);
            return outcome(answer, timeoutMillis + HOP_MILLIS, whenLost, Failure.TIMEOUT)
                    .getValue("body");
        } finally {
            waiting.remove(replyAddress);
        }
    }

    /** One request whose answer is ignored. */
    void tell(String address, String action, JsonObject body, long timeoutMillis) {
        send(address, action, replyAddress(), body, timeoutMillis);
    }

    /** Registers for messages published at {@code address}. The bridge answers only if it refuses. */
    void register(String address) {
        write(new JsonObject().put("type", "register").put("address", address).put("headers", new JsonObject()));
    }

    /** Waits for an answer, and therefore also for the refusal of an earlier frame. */
    void ping(long timeoutMillis) {
        outcome(ping(), timeoutMillis, Failure.CONNECTION_LOST, Failure.UNAVAILABLE);
        if (broken.isDone() && !isLost(broken.join())) {
            throw broken.join();
        }
    }

    /** The next published message, or null when there was none in time. */
    @Nullable
    JsonObject published(long waitMillis) {
        try {
            JsonObject message = published.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (message == END) {
                throw broken.join();
            }
            return message;
        } catch (InterruptedException told) {
            throw interrupted();
        }
    }

    @Override
    public void close() {
        frames.close();
    }

    private CompletableFuture<JsonObject> ping() {
        CompletableFuture<JsonObject> pong = new CompletableFuture<>();
        pings.add(pong);
        write(new JsonObject().put("type", "ping"));
        return pong;
    }

    private void send(String address, String action, String replyAddress, JsonObject body, long timeoutMillis) {
        write(new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("replyAddress", replyAddress)
                .put("headers", new JsonObject().put("action", action).put("timeout", Long.toString(timeoutMillis)))
                .put("body", body));
    }

    private void write(JsonObject frame) {
        try {
            frames.write(frame);
        } catch (IOException lost) {
            // The reader detects the end too, perhaps after a last frame of the bridge.
        }
    }

    private JsonObject outcome(CompletableFuture<JsonObject> answer, long millis, Failure whenLost, Failure whenLate) {
        CompletableFuture<?> first = CompletableFuture.anyOf(answer, broken);
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!first.isDone()) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (leftMillis <= 0) {
                throw whenLate.because("no answer from the bridge by the deadline");
            }
            waitFor(first, Math.min(leftMillis, SILENCE_MILLIS));
        }
        JsonObject frame = answer.getNow(null);
        if (frame == null) {
            ServiceException why = broken.join();
            throw isLost(why) ? whenLost.because(why.getMessage()) : why;
        }
        if ("err".equals(frame.getValue("type"))) {
            throw failure(frame);
        }
        return frame;
    }

    private void waitFor(CompletableFuture<?> first, long millis) {
        try {
            first.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            ping();
        } catch (InterruptedException told) {
            throw interrupted();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    private void readAll() {
        try {
            while (true) {
                dispatch(next());
            }
        } catch (InterruptedException told) {
            broken.complete(interrupted());
        } catch (ServiceException lost) {
            // All waiting callers have been notified.
        }
    }

    private JsonObject next() throws InterruptedException {
        ServiceException why;
        try {
            return frames.read();
        } catch (EOFException closed) {
            why = Failure.CONNECTION_LOST.because("the bridge closed the connection" + frames.maybe());
        } catch (IOException lost) {
            why = Failure.CONNECTION_LOST.because("connection to the bridge: " + lost.getMessage() + frames.maybe());
        } catch (CallException refused) {
            why = Failure.of(refused);
        }
        end(why);
        throw why;
    }

    private void end(ServiceException why) throws InterruptedException {
        broken.complete(why);
        // After the messages published before it.
        published.put(END);
    }

    private void dispatch(JsonObject frame) throws InterruptedException {
        String type = String.valueOf(frame.getValue("type"));
        String address = frame.getValue("address") instanceof String text ? text : "";
        CompletableFuture<JsonObject> asker = waiting.get(address);
        CompletableFuture<JsonObject> pinger = type.equals("pong") ? pings.poll() : null;
        if (pinger != null) {
            pinger.complete(frame);
        } else if (type.equals("auth")) {
            loggedIn.complete(frame);
        } else if (asker != null && (type.equals("message") || type.equals("err"))) {
            asker.complete(frame);
        } else if (isReplyAddress(address)) {
            // An answer whose caller no longer waits.
        } else if (type.equals("err")) {
            end(failure(frame));
        } else if (type.equals("message")) {
            published.put(frame);
        }
    }

    private static boolean isLost(ServiceException why) {
        return why.failureCode() == Failure.CONNECTION_LOST.code();
    }

    /** Distinct from every address of the bus. */
    private String replyAddress() {
        return "?" + asked.incrementAndGet();
    }

    private static boolean isReplyAddress(String address) {
        return address.startsWith("?");
    }

    private static ServiceException failure(JsonObject err) {
        int code = err.getValue("failureCode") instanceof Integer number ? number : Failure.INTERNAL.code();
        JsonObject info = err.getValue("debugInfo") instanceof JsonObject given ? given : new JsonObject();
        return new ServiceException(code, String.valueOf(err.getValue("message")), info);
    }

    private static ServiceException interrupted() {
        Thread.currentThread().interrupt();
        return Failure.CANCELLED.because("interrupted");
    }
}
