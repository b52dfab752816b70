package dev.polywire.bridge;

import dev.polywire.core.bus.RequestTable;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MachineSocket;
import io.vertx.core.AsyncResult;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** One client: its frames become messages on the bus, and the answers frames. */
final class BridgeConnection implements MachineSocket.Listener<BridgeFrame> {

    /** The bus gives up this long after the deadline, so that a service's own typed answer wins. */
    static final long GRACE_MILLIS = 2_000;

    private static final Logger LOG = System.getLogger(BridgeConnection.class.getName());

    /**
     * What all connections of a bridge have in common.
     *
     * @param down hears of each that is closed
     */
    record Common(
            BridgeOptions options,
            BridgeCounters counters,
            EventBus bus,
            BusRequests requests,
            Consumer<BridgeConnection> down) {}

    private final Common common;
    private final BridgeOptions options;
    private final BridgeMachine machine;
    private final MachineSocket<BridgeFrame> socket;
    /** Names this socket to services; never told to the client. */
    private final String caller = "bridge-" + UUID.randomUUID();

    private final Set<BusRequests.Pending> pending = new LinkedHashSet<>();
    private boolean leaving;

    BridgeConnection(Common common, Acceptor.Accepted accepted) {
        this.common = common;
        this.options = common.options();
        this.machine = new BridgeMachine(options, accepted.tap());
        this.socket = accepted.attach(machine, this);
    }

    @Override
    public void event(BridgeFrame frame) {
        common.counters().frame();
        if (frame instanceof BridgeFrame.Ping) {
            machine.pong();
        } else if (frame instanceof BridgeFrame.Bad bad) {
            refuse(ErrFrame.refused(bad.replyAddress(), bad.address(), bad.refusal(), bad.detail()), bad.refusal());
        } else if (frame instanceof BridgeFrame.Send send) {
            try {
                send(send);
            } catch (RefusedException no) {
                refuse(send, no);
            }
        }
        bound();
    }

    @Override
    public void closed(RuntimeException cause) {
        giveUp();
        common.down().accept(this);
    }

    /** Takes no request any more, and closes behind the last answer. */
    void leave() {
        leaving = true;
        closeWhenDone();
    }

    /** A leaving one closes now; whoever still waits hears that nobody knows. */
    void abandon() {
        for (BusRequests.Pending each : giveUp()) {
            refuse(each.send(), new RefusedException(Refusal.UNKNOWN_OUTCOME, "bridge: left before the answer"));
        }
        closeWhenDone();
    }

    private void send(BridgeFrame.Send send) {
        if (!options.permissions().permits(send.address(), send.headers().action())) {
            throw new RefusedException(Refusal.ACCESS_DENIED, "address: not permitted with this action");
        }
        if (leaving) {
            throw new RefusedException(Refusal.SHUTTING_DOWN, "bridge: leaving");
        }
        DeliveryOptions delivery = delivery(send.headers());
        if (send.replyAddress() == null) {
            common.bus().send(send.address(), send.body(), delivery);
            return;
        }
        if (pending.size() >= options.maxRequestsPerSocket()) {
            throw new RefusedException(
                    Refusal.OVERLOADED,
                    "requests: " + pending.size() + " (expected: < " + options.maxRequestsPerSocket() + ")");
        }
        common.counters().request();
        BusRequests.Pending request = common.requests().pending(send);
        pending.add(request);
        common.requests().send(request, send.body(), delivery).onComplete(answer -> answered(request, answer));
    }

    /** Nothing is queued here, so what is left of the time is all of it. */
    private DeliveryOptions delivery(BridgeHeaders headers) {
        Long asked = headers.timeoutMillis();
        long millis = Math.max(
                1, Math.min(options.maxTimeoutMillis(), asked == null ? options.defaultTimeoutMillis() : asked));
        DeliveryOptions delivery = new DeliveryOptions().setSendTimeout(millis + GRACE_MILLIS);
        headers.values().forEach(delivery::addHeader);
        return delivery.addHeader(RequestTable.TIMEOUT, Long.toString(millis)).addHeader(RequestTable.CALLER, caller);
    }

    private void answered(BusRequests.Pending request, AsyncResult<Message<Object>> answer) {
        if (!pending.remove(request)) {
            return;
        }
        BridgeFrame.Send send = request.send();
        try {
            if (answer.succeeded()) {
                Message<Object> reply = answer.result();
                machine.message(send.replyAddress(), reply.headers(), ReplyBody.json(reply.body()));
            } else {
                common.counters().failed();
                machine.err(ErrFrame.failed(send, answer.cause()));
            }
        } catch (RefusedException no) {
            refuse(send, no);
        }
        socket.flush();
        bound();
        closeWhenDone();
    }

    /** @return what had no answer, and will have none */
    private List<BusRequests.Pending> giveUp() {
        List<BusRequests.Pending> left = List.copyOf(pending);
        pending.clear();
        common.counters().gaveUp(left.size());
        left.forEach(BusRequests.Pending::giveUp);
        return left;
    }

    private void refuse(BridgeFrame.Send send, RefusedException no) {
        refuse(ErrFrame.refused(send.replyAddress(), send.address(), no.refusal(), no.detail()), no.refusal());
    }

    private void refuse(ErrFrame err, Refusal why) {
        common.counters().refused(why);
        machine.err(err);
    }

    /** A client that does not read what it asked for is dropped, before its answers fill the heap. */
    private void bound() {
        if (unreadBytes() > options.maxOutputBytes()) {
            socket.flush();
        }
        long unread = unreadBytes();
        if (unread > options.maxOutputBytes() && !socket.isClosed()) {
            common.counters().slowConsumer();
            LOG.log(Level.WARNING, "slow_consumer: dropping {0}, {1} bytes unread", socket.target(), unread);
            socket.abort(new CallException(CallException.Reason.OVERLOADED, "slow_consumer: " + unread + " bytes"));
        }
    }

    private long unreadBytes() {
        return socket.unwrittenBytes() + machine.outputBytes();
    }

    private void closeWhenDone() {
        if (leaving && pending.isEmpty()) {
            socket.flush().onComplete(written -> socket.close(leftBehind()));
        }
    }

    private static CallException leftBehind() {
        return new CallException(CallException.Reason.SHUTTING_DOWN, "the bridge leaves");
    }
}
