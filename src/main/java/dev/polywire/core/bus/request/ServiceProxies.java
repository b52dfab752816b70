package dev.polywire.core.bus.request;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.function.Function;

/** What every proxy of ours needs: the codec of typed failures, and a deadline. */
public final class ServiceProxies {

    /** The service answers at the deadline; its answer needs time to arrive. */
    public static final long GRACE_MILLIS = 2_000;

    private ServiceProxies() {}

    /** A proxy whose calls have the default deadline. */
    public static <T> T of(Vertx vertx, Function<DeliveryOptions, T> proxy) {
        return of(vertx, RequestTable.DEFAULT_DEADLINE_MILLIS, proxy);
    }

    /** @param deadlineMillis of each call, 1 to 86,400,000 */
    public static <T> T of(Vertx vertx, long deadlineMillis, Function<DeliveryOptions, T> proxy) {
        Failure.install(vertx);
        return proxy.apply(options(deadlineMillis));
    }

    static DeliveryOptions options(long deadlineMillis) {
        return new DeliveryOptions()
                .addHeader(RequestTable.TIMEOUT, Long.toString(deadlineMillis))
                .setSendTimeout(deadlineMillis + GRACE_MILLIS);
    }
}
