package dev.polywire.bridge;

import dev.polywire.bridge.OpenHandles.Handle;
import dev.polywire.core.bus.Instances;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.stream.Batch;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client's sent and published messages, its requests without an answer, and its open handles. */
final class BusCalls {

    /** The bus times out this long after the deadline, so that the service's typed answer arrives first. */
    static final long GRACE_MILLIS = 2_000;

    private final BridgeContext context;
    private final Outbox outbox;
    private final ReadGate gate;
    private final Supplier<Permissions> permissions;
    private final Runnable answered;
    private final OpenHandles handles;
    /** Identifies the client to services, until it has a name by its socket; the client never gets it. */
    private String caller = "bridge-" + UUID.randomUUID();

    private final Set<BusRequests.Pending> pending = new LinkedHashSet<>();
    private long pendingBytes;
    private int sending;
    private long sendingBytes;

    /**
     * @param permissions those that the client has at the moment
     * @param answered runs when a request has its answer
     */
    BusCalls(
            BridgeContext context, Outbox outbox, ReadGate gate, Supplier<Permissions> permissions, Runnable answered) {
        this.context = context;
        this.outbox = outbox;
        this.gate = gate;
        this.permissions = permissions;
        this.answered = answered;
        this.handles = new OpenHandles(context.limits().maxHandlesPerSocket());
    }

    /** The client has logged in: all sockets of this name together are one caller, with one caller's share of handles. */
    void named(String client) {
        caller = "client-" + client;
    }

    /**
     * @param messageBytes what the message takes in memory
     * @throws RefusedException when it is not sent to the bus
     */
    void send(BridgeFrame.Send send, long messageBytes) {
        BridgeHeaders headers = send.headers();
        permit(send.address(), headers.action(), send.body());
        long millis = context.limits().deadlineMillis(headers.timeoutMillis());
        // Requests do not queue here, so the remaining time is the whole timeout.
        DeliveryOptions delivery = delivery(headers)
                .addHeader(RequestTable.TIMEOUT, Long.toString(millis))
                .setSendTimeout(millis + GRACE_MILLIS);
        if (send.replyAddress() == null) {
            onItsWay(context.bus().sender(send.address(), delivery).write(send.body()), messageBytes);
            return;
        }
        int max = context.limits().maxRequestsPerSocket();
        if (pending.size() >= max) {
            throw new RefusedException(
                    Refusal.OVERLOADED, "requests: " + pending.size() + " (expected: < " + max + ")");
        }
        long bytes = BusRequests.REQUEST_BYTES + messageBytes;
        if (!outbox.hasRoom(bytes)) {
            throw new RefusedException(Refusal.OVERLOADED, "memory: none left for this client's requests");
        }
        context.counters().request();
        BusRequests.Pending request = context.requests().pending(send, bytes);
        pending.add(request);
        pendingBytes += bytes;
        context.requests()
                .send(request, body(send, delivery), delivery)
                .onComplete(answer -> answered(request, answer));
    }

    /**
     * @param messageBytes what the message takes in memory
     * @throws RefusedException when it is not sent to the bus
     */
    void publish(BridgeFrame.Publish publish, long messageBytes) {
        permit(publish.address(), publish.headers().action(), publish.body());
        onItsWay(
                context.bus()
                        .publisher(publish.address(), delivery(publish.headers()))
                        .write(publish.body()),
                messageBytes);
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** What the messages, the requests and the handles take in memory. */
    long bytes() {
        return pendingBytes + sendingBytes + handles.bytes();
    }

    /** The permissions have changed: closes the bindings that send items where they may not any more. */
    void recheck() {
        handles.removeBindings(permissions.get()::mayBind).forEach(this::release);
    }

    /** The client is gone: closes its handles, and drops its requests. */
    void close() {
        giveUp();
        for (Handle handle : handles.removeAll()) {
            release(handle);
        }
    }

    /** @return the requests without an answer, which get none any more */
    List<BusRequests.Pending> giveUp() {
        List<BusRequests.Pending> left = List.copyOf(pending);
        pending.clear();
        pendingBytes = 0;
        context.counters().gaveUp(left.size());
        // A binding has no lease: the bridge waits for its handle and closes it, even after the client is gone.
        left.stream()
                .filter(each -> !Permissions.isBind(each.send().headers().action()))
                .forEach(BusRequests.Pending::giveUp);
        return left;
    }

    /** Of the instances of this program a client sees those that it may ask. */
    private @Nullable Object body(BridgeFrame.Send send, DeliveryOptions delivery) {
        if (!send.address().equals(Instances.ADDRESS)) {
            return send.body();
        }
        delivery.setLocalOnly(true);
        return new JsonObject()
                .put("addresses", new JsonArray(List.copyOf(permissions.get().seen())));
    }

    private void permit(String address, @Nullable String action, @Nullable Object body) {
        Permissions now = permissions.get();
        if (!now.mayCall(address, action)) {
            if (address.equals(Instances.ADDRESS)) {
                throw new RefusedException(
                        Refusal.ACCESS_DENIED,
                        "no connector to be seen (expected: one in call, with the action status)");
            }
            throw new RefusedException(Refusal.ACCESS_DENIED, "address: not permitted with this action");
        }
        if (Permissions.isBind(action) && !now.mayBind(address, text(body, "address"))) {
            throw new RefusedException(Refusal.ACCESS_DENIED, "body.address: nowhere that this client may deliver");
        }
        if (now.needsHandle(address) && !handles.holds(handle(address, body))) {
            throw new RefusedException(
                    Refusal.ACCESS_DENIED, "id: no handle that this client opened and has not closed");
        }
    }

    /** A slow bus suspends reading from the sender; these messages have no answer that could signal it. */
    private void onItsWay(Future<Void> written, long messageBytes) {
        if (written.isComplete()) {
            return;
        }
        sendingBytes += messageBytes;
        if (++sending >= context.limits().maxRequestsPerSocket()) {
            gate.close(ReadGate.Reason.SENDING);
        }
        written.onComplete(done -> {
            sendingBytes -= messageBytes;
            outbox.settle();
            if (--sending < context.limits().maxRequestsPerSocket()) {
                gate.open(ReadGate.Reason.SENDING);
            }
        });
    }

    private DeliveryOptions delivery(BridgeHeaders headers) {
        DeliveryOptions delivery = new DeliveryOptions().addHeader(RequestTable.CALLER, caller);
        headers.values().forEach(delivery::addHeader);
        return "next".equals(headers.action()) ? Batch.wanted(delivery) : delivery;
    }

    private void answered(BusRequests.Pending request, AsyncResult<Message<Object>> answer) {
        BridgeFrame.Send send = request.send();
        if (!pending.remove(request)) {
            Handle opened = answer.succeeded() ? opened(send, answer.result()) : null;
            if (opened != null) {
                release(opened);
            }
            return;
        }
        pendingBytes -= request.bytes();
        try {
            note(send, answer);
            if (answer.succeeded()) {
                Message<Object> reply = answer.result();
                outbox.write(
                        Outbox.message(send.replyAddress(), null, reply.headers(), true, ReplyBody.json(reply.body())));
            } else {
                context.counters().failed();
                outbox.err(ErrFrame.failed(
                        send, answer.cause(), cause -> Failure.of(cause, context.vertx(), send.address())));
            }
        } catch (RefusedException no) {
            outbox.refuse(send.replyAddress(), send.address(), no);
        }
        outbox.push();
        answered.run();
    }

    /** Tracks the handles: an answer opens, ends or closes one. */
    private void note(BridgeFrame.Send send, AsyncResult<Message<Object>> answer) {
        Handle used = handle(send.address(), send.body());
        if (answer.failed()) {
            if (used != null && Permissions.endsByFailure(send.address()) && !isOurs(answer.cause())) {
                // Kept while there is room: its service says why it has ended, and this bridge does not know.
                handles.ended(used);
            } else if (used != null && isGone(answer.cause())) {
                handles.forget(used);
            }
            return;
        }
        if (used != null && Permissions.isLast(send.headers().action())) {
            handles.forget(used);
        }
        if (used != null && isLast(answer.result())) {
            handles.ended(used);
        }
        Handle opened = opened(send, answer.result());
        String to = Permissions.isBind(send.headers().action()) ? text(send.body(), "address") : null;
        if (opened != null && to != null && !permissions.get().mayBind(send.address(), to)) {
            release(opened);
            throw new RefusedException(Refusal.ACCESS_DENIED, "body.address: not permitted any more");
        }
        if (opened != null && !handles.opened(opened, to)) {
            release(opened);
            throw new RefusedException(
                    Refusal.OVERLOADED,
                    "handles: " + handles.size() + " (expected: < "
                            + context.limits().maxHandlesPerSocket() + ")");
        }
    }

    /** Whether the answer to a {@code next} is the last, in any form. */
    private static boolean isLast(Message<Object> answer) {
        if (answer.body() instanceof Batch batch) {
            return batch.done();
        }
        return answer.body() instanceof JsonObject body
                ? Boolean.TRUE.equals(body.getValue("done"))
                : answer.body() instanceof Buffer && Batch.isLastRaw(answer);
    }

    /** The handle in an answer: one in a room of the called service. */
    private static @Nullable Handle opened(BridgeFrame.Send send, Message<Object> reply) {
        String service = Permissions.serviceOf(send.address());
        return reply.body() instanceof JsonObject body
                        && body.getValue("address") instanceof String room
                        && !room.equals(service)
                        && Permissions.serviceOf(room).equals(service)
                ? handle(room, body)
                : null;
    }

    private static @Nullable Handle handle(String address, @Nullable Object body) {
        String id = text(body, "id");
        return id == null ? null : new Handle(address, id);
    }

    private static @Nullable String text(@Nullable Object body, String field) {
        return body instanceof JsonObject json && json.getValue(field) instanceof String text ? text : null;
    }

    /** The handle's lease has expired, or its node is gone. */
    private static boolean isGone(Throwable cause) {
        return cause instanceof ReplyException reply
                && (reply.failureType() == ReplyFailure.NO_HANDLERS
                        || reply.failureCode() == Failure.NOT_FOUND.code()
                        || reply.failureCode() == Failure.NODE_LOST.code());
    }

    /** An error of the client that no server has seen, which does not end the handle. */
    private static boolean isOurs(Throwable cause) {
        return cause instanceof ReplyException reply
                && (reply.failureCode() == Failure.BAD_REQUEST.code()
                        || reply.failureCode() == Failure.LIMIT_EXCEEDED.code())
                && !(reply instanceof ServiceException typed
                        && typed.getDebugInfo().containsKey("server"));
    }

    private void release(Handle handle) {
        DeliveryOptions close =
                new DeliveryOptions().addHeader("action", "close").addHeader(RequestTable.CALLER, caller);
        context.bus().send(handle.address(), new JsonObject().put("id", handle.id()), close);
    }
}
