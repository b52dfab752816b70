package dev.polywire.bridge;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/**
 * Requests that can be given up. The bus keeps a handler and a timer for each of its requests until the answer or the send
 * timeout, and cannot cancel a request; but a failure sent to the request's reply address ends it. An
 * outbound interceptor reads that address while {@code request} runs.
 */
final class BusRequests {

    /** What the bus and we keep for a request beside its message: objects of fixed size. */
    static final int REQUEST_BYTES = 512;

    /** A request on the bus. */
    final class Pending {

        private final BridgeFrame.Send send;
        private final long bytes;
        private @Nullable String replyAddress;

        private Pending(BridgeFrame.Send send, long bytes) {
            this.send = send;
            this.bytes = bytes;
        }

        /** Its part of the memory of all clients. */
        long bytes() {
            return bytes;
        }

        BridgeFrame.Send send() {
            return send;
        }

        /** Fails it now, so that the bus keeps nothing of it; its caller is not notified. */
        void giveUp() {
            if (replyAddress != null) {
                bus.send(
                        replyAddress,
                        Failure.CANCELLED.because("nobody waits any more"),
                        new DeliveryOptions().setLocalOnly(true));
            }
        }
    }

    private final EventBus bus;
    /** Interceptors run on every sending thread; only the one inside {@link #send} has a value here. */
    private final ThreadLocal<@Nullable Pending> sending = new ThreadLocal<>();

    private final Handler<DeliveryContext<Object>> interceptor = this::note;

    /** Needs {@link #close}. */
    BusRequests(EventBus bus) {
        this.bus = bus;
        bus.addOutboundInterceptor(interceptor);
    }

    /** Removes the interceptor; pending requests wait for their send timeout. */
    void close() {
        bus.removeOutboundInterceptor(interceptor);
    }

    Pending pending(BridgeFrame.Send send, long bytes) {
        return new Pending(send, bytes);
    }

    Future<Message<Object>> send(Pending pending, @Nullable Object body, DeliveryOptions options) {
        sending.set(pending);
        try {
            return bus.request(pending.send.address(), body, options);
        } finally {
            sending.remove();
        }
    }

    private void note(DeliveryContext<Object> delivery) {
        Pending pending = sending.get();
        if (pending != null && pending.replyAddress == null) {
            pending.replyAddress = delivery.message().replyAddress();
        }
        delivery.next();
    }
}
