package dev.polywire.core.bus.request;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.CallException;
import dev.polywire.core.wire.Printable;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.serviceproxy.ServiceExceptionMessageCodec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All failures that a service replies with, the same for all protocols and stable for ever. On the bus a failure is a
 * {@link ServiceException} whose {@code debugInfo} is {@code {name, retryable, mayHaveExecuted, server?}}.
 */
public enum Failure {
    /** The request is malformed: a field is missing, unknown, of a wrong type or out of range. */
    BAD_REQUEST(4400, false, false),
    /** The peer refused our credentials, or a certificate was not accepted. */
    UNAUTHENTICATED(4401, false, false),
    /** The caller has no permission for this request. */
    FORBIDDEN(4403, false, false),
    /** The object that the request names does not exist, or its lease has lapsed. */
    NOT_FOUND(4404, false, false),
    /** The request was sent, and no answer arrived by the deadline. */
    TIMEOUT(4408, false, true),
    /** The object that the request needs is in use. */
    CONFLICT(4409, false, false),
    /** The caller's message, or the peer's answer, exceeds a limit. */
    LIMIT_EXCEEDED(4413, false, false),
    /** The limit of waiting work was reached; nothing was sent. */
    OVERLOADED(4429, true, false),
    /** The caller cancelled the request. */
    CANCELLED(4499, false, true),
    /** A defect in our code; the text is logged and not sent. */
    INTERNAL(4500, false, true),
    /** The server understood and refused the request; {@code server} holds its words. */
    REFUSED_BY_SERVER(4502, false, false),
    /** There was no connection by the deadline, or the address has no consumer. */
    UNAVAILABLE(4503, true, false),
    /** The connection broke, and the request had no effect: it was never sent, or it only reads. */
    CONNECTION_LOST(4504, true, false),
    /** The connection broke after a request that changes something was sent. */
    UNKNOWN_OUTCOME(4505, false, true),
    /** The peer's bytes break the protocol. */
    PROTOCOL_VIOLATION(4520, false, true),
    /** The service is leaving; nothing was sent. */
    SHUTTING_DOWN(4530, true, false),
    /** The node that had the request is gone. */
    NODE_LOST(4531, false, true);

    private static final Logger LOG = System.getLogger(Failure.class.getName());

    private static final String LEFT = "the service left";
    /** What the bus writes before the address of the service. */
    private static final String REPLIED = "repliedAddress: ";
    /** Of exceptions, one inside another: more is a mistake, or a circle. */
    private static final int MAX_WRAPPERS = 100;

    private final int code;
    private final boolean retryable;
    private final boolean mayHaveExecuted;

    Failure(int code, boolean retryable, boolean mayHaveExecuted) {
        this.code = code;
        this.retryable = retryable;
        this.mayHaveExecuted = mayHaveExecuted;
    }

    /** Registers the codec at {@code vertx}, so that failures arrive typed. @return {@code vertx} */
    public static Vertx install(Vertx vertx) {
        try {
            vertx.eventBus().registerDefaultCodec(ServiceException.class, new ServiceExceptionMessageCodec());
        } catch (IllegalStateException alreadyRegistered) {
            // The bus has no method to ask whether the codec is registered.
        }
        return vertx;
    }

    public int code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** Whether the request may have had its effect. */
    public boolean mayHaveExecuted() {
        return mayHaveExecuted;
    }

    /** This failure, for one request. */
    public ServiceException because(@Nullable String why) {
        return because(why, retryable, mayHaveExecuted, null);
    }

    /** This failure with details that only the failing code knows. @param server the server's own words, or null */
    public ServiceException because(
            @Nullable String why, boolean retryable, boolean mayHaveExecuted, @Nullable JsonObject server) {
        JsonObject debugInfo = new JsonObject()
                .put("name", name())
                .put("retryable", retryable)
                .put("mayHaveExecuted", mayHaveExecuted);
        if (server != null) {
            debugInfo.put("server", server);
        }
        return new ServiceException(code, Printable.line(why), debugInfo);
    }

    /** The failure with this code, or null when it is not one of ours. */
    public static @Nullable Failure of(int code) {
        for (Failure failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        return null;
    }

    /**
     * The failure that a caller gets for an exception, or for the one that it wraps, see {@link #unwrapped}. An unexpected one
     * is logged, and its text is not sent.
     */
    public static ServiceException of(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof ServiceException typed && of(typed.failureCode()) != null) {
            return typed;
        } else if (cause instanceof CallException call) {
            return valueOf(call.reason().name()).because(call.getMessage());
        } else if (cause instanceof FieldException field) {
            return BAD_REQUEST.because(field.getMessage());
        } else if (cause instanceof ProtocolException protocol) {
            return protocol.kind() == ProtocolException.Kind.LIMIT || protocol.isSilence()
                    ? LIMIT_EXCEEDED.because(protocol.getMessage(), false, true, null)
                    : PROTOCOL_VIOLATION.because(protocol.getMessage());
        } else if (cause instanceof ReplyException reply && !(cause instanceof ServiceException)) {
            return ofBus(reply);
        }
        LOG.log(Level.ERROR, "unexpected failure of a request", cause);
        return INTERNAL.because("internal error");
    }

    /** The same. @param words the server's own words in what a failed call has as its cause, if that is a refusal; or null */
    public static ServiceException of(Throwable cause, Function<Throwable, @Nullable JsonObject> words) {
        ServiceException failure = of(cause);
        Throwable refusal = unwrapped(cause).getCause();
        while (refusal instanceof CallException call && call.getCause() != null) {
            refusal = call.getCause();
        }
        JsonObject server = refusal == null ? null : words.apply(refusal);
        if (server != null) {
            failure.getDebugInfo().put("server", server);
        }
        return failure;
    }

    /**
     * The same for a request of {@code vertx} to {@code address}. Nobody at the address of a room: the node of its handles is
     * gone. Discarded unread, and nobody at the address any more: the service left.
     */
    public static ServiceException of(Throwable cause, Vertx vertx, String address) {
        if (!(cause instanceof ReplyException reply)) {
            return of(cause);
        }
        if (reply.failureType() == ReplyFailure.NO_HANDLERS && ServiceAddress.isRoom(address)) {
            return NODE_LOST.because("nobody at the address of the handle");
        }
        boolean left = discarded(reply)
                && !vertx.isClustered()
                && !BusConsumers.of(vertx).test(address);
        return left ? SHUTTING_DOWN.because(LEFT) : of(cause);
    }

    /** The exception inside a CompletionException or an ExecutionException, in which the JDK's futures wrap a cause. */
    public static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        for (int depth = 0; depth < MAX_WRAPPERS; depth++) {
            Throwable cause = inner.getCause();
            if (cause == null || !(inner instanceof CompletionException || inner instanceof ExecutionException)) {
                break;
            }
            inner = cause;
        }
        return inner;
    }

    /** The method's future; a failed one when the method throws. */
    public static <T> Future<T> called(Supplier<Future<T>> method) {
        try {
            return method.get();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    /** Whether the bus discarded the message unread; it reports this with the failure type of a timeout. */
    public static boolean discarded(ReplyException reply) {
        return reply.failureType() == ReplyFailure.TIMEOUT
                && reply.getMessage() != null
                && reply.getMessage().startsWith("Discarded the request");
    }

    /** The failure that a caller gets for a failure of the bus itself. */
    private static ServiceException ofBus(ReplyException reply) {
        return switch (reply.failureType()) {
            case TIMEOUT ->
                discarded(reply) ? ofDiscarded(reply) : TIMEOUT.because("no answer from the bus by the deadline");
            case NO_HANDLERS -> UNAVAILABLE.because("nobody at the address");
            case ERROR -> BAD_REQUEST.because("body: the node at the address cannot decode it");
            case RECIPIENT_FAILURE -> INTERNAL.because("failure " + reply.failureCode());
        };
    }

    /**
     * A message is discarded, and never ran, when its consumer is paused and full, and when it waits while its consumer is
     * unregistered. The bus says the same of both, with the address at the end. A consumer of our services is never paused.
     */
    private static ServiceException ofDiscarded(ReplyException reply) {
        String text = String.valueOf(reply.getMessage());
        int at = text.lastIndexOf(REPLIED);
        return at >= 0 && ServiceAddress.isOurs(text.substring(at + REPLIED.length()))
                ? SHUTTING_DOWN.because(LEFT)
                : OVERLOADED.because("the consumer at the address is paused and takes no more");
    }
}
