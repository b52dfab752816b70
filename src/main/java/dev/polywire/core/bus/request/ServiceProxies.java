package dev.polywire.core.bus.request;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.function.Function;

/**
 * What every proxy of ours needs: the codec of typed failures, a deadline, and {@link Failure}s in place of the bus's own.
 */
public final class ServiceProxies {

    /** The service answers at the deadline; its answer needs time to arrive. */
    public static final long GRACE_MILLIS = 2_000;

    private ServiceProxies() {}

    /** A proxy whose calls have the default deadline. As the other. */
    public static <T> T of(Class<T> type, Vertx vertx, String address, Function<DeliveryOptions, T> generated) {
        return of(type, vertx, address, RequestTable.DEFAULT_DEADLINE_MILLIS, generated);
    }

    /**
     * A proxy of the service, or of the room, at {@code address}: its calls fail with a {@link Failure} also when the bus
     * itself fails them. Nobody at the address of a service is UNAVAILABLE, nobody at that of a room NODE_LOST.
     *
     * @param deadlineMillis of each call, 1 to 86,400,000
     * @param generated makes the generated proxy
     */
    public static <T> T of(
            Class<T> type, Vertx vertx, String address, long deadlineMillis, Function<DeliveryOptions, T> generated) {
        Failure.install(vertx);
        return ServiceDoor.of(type, generated.apply(options(deadlineMillis)), cause -> told(vertx, address, cause));
    }

    /** The options of a call with this deadline; the action is still to be added. */
    public static DeliveryOptions options(long deadlineMillis) {
        return new DeliveryOptions()
                .addHeader(RequestTable.TIMEOUT, Long.toString(deadlineMillis))
                .setSendTimeout(deadlineMillis + GRACE_MILLIS);
    }

    /** What a service says is as it said it. */
    private static Throwable told(Vertx vertx, String address, Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE
                ? Failure.of(cause, vertx, address)
                : cause;
    }
}
