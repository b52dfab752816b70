package dev.polywire.bridge;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests that one client has to answer. Each has a reply address that is valid for one answer of this client, until
 * the deadline of the request; the caller gets one outcome, whatever the client does.
 */
final class ServedRequests {

    private final BridgeContext context;
    private final Outbox outbox;
    private final Runnable answered;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private long bytes;
    private long given;

    private record Waiting(Message<Object> message, long bytes, long timer) {}

    /** @param answered runs when a request has its answer */
    ServedRequests(BridgeContext context, Outbox outbox, Runnable answered) {
        this.context = context;
        this.outbox = outbox;
        this.answered = answered;
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** Gives the client a message that was sent to an address it serves; if that fails, the sender gets the reason. */
    void give(Message<Object> message) {
        context.counters().served();
        String replyAddress = message.replyAddress() == null ? null : Permissions.REPLY + ++given;
        try {
            long millis = context.limits().deadlineMillis(askedMillis(message));
            write(message, replyAddress, millis);
            if (replyAddress != null) {
                // Until its answer, which belongs to the message; the frame is the outbox's.
                long held = BusRequests.REQUEST_BYTES + JsonWeight.ofCopied(message.body());
                bytes += held;
                waiting.put(replyAddress, new Waiting(message, held, timer(replyAddress, millis)));
            }
        } catch (RefusedException no) {
            context.counters().refused(no.refusal());
            if (replyAddress != null) {
                message.reply(notGiven(no));
            }
        }
        outbox.push();
    }

    /** @throws RefusedException when no caller waits for it, or the bus cannot carry it */
    void answer(BridgeFrame.Send answer) {
        Waiting request = require(answer.address());
        DeliveryOptions delivery = new DeliveryOptions();
        answer.headers().values().forEach(delivery::addHeader);
        try {
            request.message.reply(answer.body(), delivery);
        } catch (IllegalArgumentException noCodec) {
            // On a cluster, a number that is neither int64 nor double would be a serialized Java object.
            request.message.reply(Failure.INTERNAL.because("the client answered with a number beyond 64 bits"));
            throw new RefusedException(
                    Refusal.BAD_BODY, "body: a number beyond 64 bits (expected: text, or within an object)");
        } finally {
            over(answer.address());
        }
    }

    /** A negative answer. @throws RefusedException when no caller waits for it */
    void fail(BridgeFrame.Err err) {
        Waiting request = require(err.address());
        request.message.reply(failure(err));
        over(err.address());
    }

    /** Fails all requests, because the client is gone. */
    void close() {
        for (String replyAddress : List.copyOf(waiting.keySet())) {
            Waiting left = waiting.get(replyAddress);
            if (left != null) {
                left.message.reply(Failure.NODE_LOST.because("the client that serves this address is gone"));
                over(replyAddress);
            }
        }
    }

    private void write(Message<Object> message, @Nullable String replyAddress, long millis) {
        int max = context.limits().maxRequestsPerSocket();
        if (replyAddress != null && waiting.size() >= max) {
            throw new RefusedException(
                    Refusal.OVERLOADED, "requests of this client: " + waiting.size() + " (expected: < " + max + ")");
        }
        JsonObject frame = Outbox.message(
                message.address(), replyAddress, message.headers(), true, ReplyBody.json(message.body()));
        frame.getJsonObject("headers").put(RequestTable.TIMEOUT, Long.toString(millis));
        outbox.write(frame);
    }

    private long timer(String replyAddress, long millis) {
        return context.vertx().setTimer(millis, late -> {
            Waiting request = waiting.get(replyAddress);
            if (request != null) {
                context.counters().servedTooLate();
                request.message.reply(Failure.TIMEOUT.because("no answer within " + millis + " ms"));
                over(replyAddress);
            }
        });
    }

    private Waiting require(String replyAddress) {
        Waiting request = waiting.get(replyAddress);
        if (request == null) {
            throw new RefusedException(
                    Refusal.ACCESS_DENIED, "address: nobody waits there (expected: one answer, by the deadline)");
        }
        return request;
    }

    private void over(String replyAddress) {
        Waiting request = waiting.remove(replyAddress);
        if (request != null) {
            context.vertx().cancelTimer(request.timer);
            bytes -= request.bytes;
            answered.run();
        }
    }

    private static @Nullable Long askedMillis(Message<Object> message) {
        String header = message.headers().get(RequestTable.TIMEOUT);
        return header == null ? null : TypedValues.int64(header);
    }

    /** The client may use codes of the table; of its other fields, only those of the table are passed on. */
    private static ServiceException failure(BridgeFrame.Err err) {
        Failure known = Failure.of(err.failureCode());
        if (known == null) {
            return Failure.INTERNAL.because("failure " + err.failureCode());
        }
        JsonObject says = err.debugInfo();
        return known.because(
                err.message(),
                says.getValue("retryable") instanceof Boolean retryable ? retryable : known.retryable(),
                says.getValue("mayHaveExecuted") instanceof Boolean executed ? executed : known.mayHaveExecuted(),
                says.getValue("server") instanceof JsonObject server ? server : null);
    }

    /** The request did not reach the client. */
    private static ServiceException notGiven(RefusedException no) {
        return switch (no.refusal()) {
            case REPLY_NOT_JSON ->
                Failure.BAD_REQUEST.because("body: neither JSON nor bytes, and the client is no JVM");
            case REPLY_TOO_LARGE -> Failure.LIMIT_EXCEEDED.because("request: larger than the client may be sent");
            default -> Failure.OVERLOADED.because(no.detail());
        };
    }
}
