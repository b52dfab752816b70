package dev.polywire.bridge;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The addresses that one client registered: the client answers messages sent there, and only receives messages published
 * there. The two permissions are separate, and checked at the registration and again for each message.
 */
final class Registrations {

    /** What one takes in memory, with the bus's part. */
    private static final int REGISTRATION_BYTES = 576;

    private final BridgeContext context;
    private final Outbox outbox;
    private final ServedRequests served;
    private final Supplier<Permissions> permissions;
    private final Map<String, MessageConsumer<Object>> consumers = new LinkedHashMap<>();

    Registrations(BridgeContext context, Outbox outbox, ServedRequests served, Supplier<Permissions> permissions) {
        this.context = context;
        this.outbox = outbox;
        this.served = served;
        this.permissions = permissions;
    }

    /** @throws RefusedException when it is not permitted, already registered, or beyond the limit */
    void register(BridgeFrame.Register register) {
        String address = register.address();
        requirePermitted(address);
        if (consumers.containsKey(address)) {
            throw new RefusedException(Refusal.ADDRESS_ALREADY_REGISTERED, "address: registered by this client");
        }
        int max = context.limits().maxRegistrationsPerSocket();
        if (consumers.size() >= max) {
            throw new RefusedException(
                    Refusal.OVERLOADED, "registrations: " + consumers.size() + " (expected: < " + max + ")");
        }
        MessageConsumer<Object> consumer = context.bus().consumer(address);
        consumers.put(address, consumer);
        consumer.handler(message -> received(address, message));
        consumer.completion().onComplete(known -> {
            if (known.succeeded()) {
                outbox.done(register.replyAddress());
            } else if (consumers.remove(address, consumer)) {
                outbox.refuse(
                        register.replyAddress(),
                        address,
                        new RefusedException(Refusal.NOT_REGISTERED, "address: the bus did not take it"));
            }
            outbox.push();
        });
    }

    /** @throws RefusedException when it is not registered */
    void unregister(BridgeFrame.Unregister unregister) {
        String address = unregister.address();
        requirePermitted(address);
        MessageConsumer<Object> consumer = consumers.remove(address);
        if (consumer == null) {
            throw new RefusedException(Refusal.UNKNOWN_ADDRESS, "address: not registered by this client");
        }
        consumer.unregister().onComplete(gone -> {
            outbox.done(unregister.replyAddress());
            outbox.push();
        });
    }

    /** Removes registrations that are no longer permitted. */
    void recheck() {
        for (String address : List.copyOf(consumers.keySet())) {
            if (!isPermitted(address)) {
                remove(address);
            }
        }
    }

    long bytes() {
        return (long) REGISTRATION_BYTES * consumers.size();
    }

    void close() {
        List.copyOf(consumers.keySet()).forEach(this::remove);
    }

    private void remove(String address) {
        MessageConsumer<Object> consumer = consumers.remove(address);
        if (consumer != null) {
            consumer.unregister();
        }
    }

    private void requirePermitted(String address) {
        if (!isPermitted(address)) {
            throw new RefusedException(Refusal.ACCESS_DENIED, "address: not permitted to serve or to listen to");
        }
    }

    private boolean isPermitted(String address) {
        return permissions.get().mayServe(address) || permissions.get().mayListen(address);
    }

    private void received(String address, Message<Object> message) {
        if (message.isSend() && permissions.get().mayServe(address)) {
            served.give(message);
        } else if (!message.isSend() && permissions.get().mayListen(address)) {
            hear(message);
        } else {
            context.counters().notPermitted();
            if (message.replyAddress() != null) {
                message.reply(Failure.UNAVAILABLE.because("a client at this address listens only"));
            }
        }
    }

    private void hear(Message<Object> message) {
        context.counters().heard();
        try {
            outbox.write(
                    Outbox.message(message.address(), null, message.headers(), false, ReplyBody.json(message.body())));
        } catch (RefusedException no) {
            outbox.refuse(message.address(), message.address(), no);
            if (no.refusal() == Refusal.REPLY_DROPPED) {
                outbox.drop();
            }
        }
        outbox.push();
    }
}
