package dev.polywire.core.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.serviceproxy.ServiceException;
import io.vertx.serviceproxy.ServiceExceptionMessageCodec;

/** What a Vert.x instance needs to speak with our services. */
public final class Polywire {

    private Polywire() {}

    /**
     * Lets typed failures arrive: without the codec of {@link ServiceException} a node of a cluster hears nothing but a
     * timeout. Called by every verticle and every proxy factory of ours; a node that only sends plain messages calls it
     * itself. May be called any number of times, from any thread.
     *
     * @return {@code vertx}
     */
    public static Vertx install(Vertx vertx) {
        register(vertx, ServiceException.class, new ServiceExceptionMessageCodec());
        register(vertx, Batch.class, new BatchCodec());
        return vertx;
    }

    private static <T> void register(Vertx vertx, Class<T> type, MessageCodec<T, ?> codec) {
        try {
            vertx.eventBus().registerDefaultCodec(type, codec);
        } catch (IllegalStateException alreadyRegistered) {
            // The bus has no way to ask.
        }
    }

    /** Addresses that the bus and we ourselves speak on: no binding goes there, and no bridge lets anybody through. */
    public static boolean isReserved(String address) {
        return address.startsWith("__vertx")
                || address.equals(NodeWatch.LEAVING)
                || address.equals(Holders.ADDRESS)
                || address.startsWith(Holders.ADDRESS + ".");
    }
}
