package dev.polywire.core.bus.request;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Collections;
import java.util.function.Function;

/**
 * What every proxy of ours needs: the codec of typed failures, a deadline, and {@link Failure}s in place of the bus's own.
 */
public final class ServiceProxies {

    /** The service answers at the deadline; its answer needs time to arrive. */
    public static final long GRACE_MILLIS = 2_000;

    private ServiceProxies() {}

    /** A proxy whose calls have the default deadline. As the other. */
    public static <T> T of(Vertx vertx, String address, Function<DeliveryOptions, T> generated) {
        return of(vertx, address, RequestTable.DEFAULT_DEADLINE_MILLIS, generated);
    }

    /**
     * A proxy of the service, or of the room, at {@code address}: its calls fail with a {@link Failure} also when the bus
     * itself fails them. Nobody at the address of a service is UNAVAILABLE, nobody at that of a room NODE_LOST.
     *
     * @param deadlineMillis of each call, 1 to 86,400,000
     * @param generated makes the generated proxy
     */
    @SuppressWarnings("unchecked")
    public static <T> T of(Vertx vertx, String address, long deadlineMillis, Function<DeliveryOptions, T> generated) {
        Failure.install(vertx);
        ServiceException nobody = shared(Failure.of(new ReplyException(ReplyFailure.NO_HANDLERS), vertx, address));
        T proxy = generated.apply(options(deadlineMillis));
        // A generated proxy implements its service, and nothing else.
        Class<T> service = (Class<T>) proxy.getClass().getInterfaces()[0];
        return ServiceDoor.of(service, proxy, cause -> {
            if (!(cause instanceof ReplyException reply) || reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
                // What a service says is as it said it.
                return cause;
            }
            return reply.failureType() == ReplyFailure.NO_HANDLERS ? nobody : Failure.of(cause, vertx, address);
        });
    }

    /** The options of a call with this deadline; the action is still to be added. */
    public static DeliveryOptions options(long deadlineMillis) {
        return new DeliveryOptions()
                .addHeader(RequestTable.TIMEOUT, Long.toString(deadlineMillis))
                .setSendTimeout(deadlineMillis + GRACE_MILLIS);
    }

    /** For all calls, without anything that one of them could change: who repeats a call in a loop pays for it once. */
    private static ServiceException shared(ServiceException failure) {
        return new ServiceException(
                failure.failureCode(),
                failure.getMessage(),
                new JsonObject(
                        Collections.unmodifiableMap(failure.getDebugInfo().getMap())));
    }
}
