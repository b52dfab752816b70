package dev.polywire.bridge;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OpenSocket;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client: its identity, and the dispatch of its frames.
 *
 * <pre>
 *   send, publish          -> {@link BusCalls}        -> bus
 *   register, unregister   -> {@link Registrations}   <- bus, published messages
 *   send or err, an answer -> {@link ServedRequests}  <- bus, sent messages
 * </pre>
 */
final class BridgeConnection extends Connection<BridgeFrame> {

    private static final Logger LOG = System.getLogger(BridgeConnection.class.getName());

    /** One login frame is enough; further ones may arrive before the answer to the first is read. */
    private static final int MAX_FRAMES_BEFORE_LOGIN = 16;

    private final BridgeContext context;
    private final Consumer<BridgeConnection> down;
    private final String remoteHost;
    private final BridgeMachine machine;
    private final ReadGate gate;
    private final Outbox outbox;
    private final BusCalls calls;
    private final ServedRequests served;
    private final Registrations registrations;
    private @Nullable ClientOptions client;
    /** Null: the client must log in first. */
    private @Nullable Permissions permissions;

    private int frames;
    private long wrongTokenTimer = -1;
    private boolean leaving;

    /** @param down is given the connection when it is closed */
    static BridgeConnection accept(BridgeContext context, Acceptor.Accepted accepted, Consumer<BridgeConnection> down) {
        ClientOptions client = context.clients().withCertificate(accepted.certificateNames());
        Permissions permissions =
                client != null ? client.permissions() : context.clients().anonymous();
        BridgeMachine machine =
                new BridgeMachine(context.limits(), permissions == null, accepted.tap(), Monotonic.millis());
        return accepted.attach(
                machine,
                socket -> new BridgeConnection(
                        socket, context, machine, accepted.remoteHost(), client, permissions, down));
    }

    private BridgeConnection(
            OpenSocket<BridgeFrame> open,
            BridgeContext context,
            BridgeMachine machine,
            String remoteHost,
            @Nullable ClientOptions client,
            @Nullable Permissions permissions,
            Consumer<BridgeConnection> down) {
        super(open);
        this.context = context;
        this.down = down;
        this.remoteHost = remoteHost;
        this.client = client;
        this.permissions = permissions;
        this.machine = machine;
        this.gate = new ReadGate(socket());
        this.outbox = new Outbox(context, machine, socket());
        this.calls = new BusCalls(context, outbox, gate, this::permissions, this::closeWhenDone);
        if (client != null) {
            calls.named(client.name());
        }
        this.served = new ServedRequests(context, outbox, this::closeWhenDone);
        this.registrations = new Registrations(context, outbox, served, this::permissions);
    }

    @Override
    protected void event(BridgeFrame frame) {
        if (!(frame instanceof BridgeFrame.Unfinished)) {
            context.counters().frame();
            handle(frame);
            frames++;
        }
        outbox.settle();
    }

    @Override
    protected void written() {
        outbox.settle();
    }

    /** Of messages and requests in either direction, handles and registrations. */
    @Override
    protected long heldBytes() {
        return calls.bytes() + served.bytes() + registrations.bytes();
    }

    @Override
    protected void ended(RuntimeException cause) {
        Refusal timedOut = machine.timedOut();
        if (timedOut != null) {
            context.counters().refused(timedOut);
        }
        context.vertx().cancelTimer(wrongTokenTimer);
        registrations.close();
        served.close();
        calls.close();
        down.accept(this);
    }

    /** The configuration has changed: updates the client's permissions, or closes the connection of a removed client. */
    void reload() {
        ClientOptions known = client == null ? null : context.clients().named(client.name());
        Permissions changed =
                known != null ? known.permissions() : context.clients().anonymous();
        if (client == null && permissions == null) {
            return;
        }
        if ((client != null && known == null) || changed == null) {
            outbox.refuse(null, null, new RefusedException(Refusal.NOT_LOGGED_IN, "client: no longer known"));
            close(new CallException(CallException.Reason.UNAUTHENTICATED, "client no longer known"));
            return;
        }
        client = known;
        permissions = changed;
        registrations.recheck();
        calls.recheck();
    }

    /** Accepts no further request, and closes after the last answer. */
    void leave() {
        leaving = true;
        registrations.close();
        closeWhenDone();
    }

    /** Closes a leaving connection now; waiting callers get an unknown outcome. */
    void abandon() {
        for (BusRequests.Pending each : calls.giveUp()) {
            BridgeFrame.Send send = each.send();
            outbox.refuse(
                    send.replyAddress(),
                    send.address(),
                    new RefusedException(Refusal.UNKNOWN_OUTCOME, "bridge: left before the answer"));
        }
        served.close();
        closeWhenDone();
    }

    private void handle(BridgeFrame frame) {
        if (frame instanceof BridgeFrame.Bad bad) {
            outbox.refuse(bad.replyAddress(), bad.address(), new RefusedException(bad.refusal(), bad.detail()));
            endOfPatience();
        } else if (frame instanceof BridgeFrame.Auth auth) {
            logIn(auth);
        } else if (permissions == null) {
            outbox.refuse(
                    null, null, new RefusedException(Refusal.NOT_LOGGED_IN, "frame: before login (expected: auth)"));
            endOfPatience();
        } else if (frame instanceof BridgeFrame.Ping) {
            machine.write(new JsonObject().put("type", "pong"));
        } else if (frame instanceof BridgeFrame.Send send) {
            answering(send.replyAddress(), send.address(), () -> send(send));
        } else if (frame instanceof BridgeFrame.Publish publish) {
            answering(null, publish.address(), () -> publish(publish));
        } else if (frame instanceof BridgeFrame.Register register) {
            answering(register.replyAddress(), register.address(), () -> register(register));
        } else if (frame instanceof BridgeFrame.Unregister unregister) {
            answering(unregister.replyAddress(), unregister.address(), () -> registrations.unregister(unregister));
        } else if (frame instanceof BridgeFrame.Err err) {
            answering(null, err.address(), () -> served.fail(err));
        }
    }

    private void answering(@Nullable String replyAddress, String address, Runnable step) {
        try {
            step.run();
        } catch (RefusedException no) {
            outbox.refuse(replyAddress, address, no);
        }
    }

    private void send(BridgeFrame.Send send) {
        if (send.isAnswer()) {
            served.answer(send);
        } else {
            requireStaying();
            calls.send(send, machine.weightBytes());
        }
    }

    private void publish(BridgeFrame.Publish publish) {
        requireStaying();
        calls.publish(publish, machine.weightBytes());
    }

    private void register(BridgeFrame.Register register) {
        requireStaying();
        registrations.register(register);
    }

    private void requireStaying() {
        if (leaving) {
            throw new RefusedException(Refusal.SHUTTING_DOWN, "bridge: leaving");
        }
    }

    private void logIn(BridgeFrame.Auth auth) {
        long now = Monotonic.millis();
        if (client != null || (permissions != null && frames > 0)) {
            outbox.refuse(null, null, new RefusedException(Refusal.ALREADY_LOGGED_IN, "auth: not the first frame"));
        } else if (!context.attempts().admits(remoteHost, now)) {
            outbox.refuse(null, null, new RefusedException(Refusal.TOO_MANY_ATTEMPTS, "auth: wait a minute"));
            endOfPatience();
        } else {
            ClientOptions found = context.clients().withToken(auth.token());
            if (found == null) {
                wrongToken(context.attempts().failed(remoteHost, now));
            } else {
                loggedIn(found);
            }
        }
    }

    private void loggedIn(ClientOptions found) {
        context.counters().login();
        client = found;
        permissions = found.permissions();
        calls.named(found.name());
        machine.loggedIn();
        machine.write(new JsonObject().put("type", "auth").put("client", found.name()));
    }

    private void wrongToken(long delayMillis) {
        LOG.log(Level.WARNING, "wrong token from {0}", target());
        gate.close(ReadGate.Reason.LOGIN);
        wrongTokenTimer = context.vertx().setTimer(delayMillis, t -> {
            outbox.refuse(null, null, new RefusedException(Refusal.BAD_TOKEN, "token: nobody's"));
            outbox.push();
            gate.open(ReadGate.Reason.LOGIN);
        });
    }

    /** Limits the frames of a client that has not logged in. */
    private void endOfPatience() {
        if (permissions == null && frames >= MAX_FRAMES_BEFORE_LOGIN) {
            close(new CallException(CallException.Reason.UNAUTHENTICATED, "frames before login"));
        }
    }

    private Permissions permissions() {
        return permissions == null ? Permissions.NONE : permissions;
    }

    private void closeWhenDone() {
        if (leaving && calls.isIdle() && served.isIdle() && !isClosed()) {
            socket().flush().onComplete(written -> close(leftBehind()));
        }
    }

    private static CallException leftBehind() {
        return new CallException(CallException.Reason.SHUTTING_DOWN, "the bridge leaves");
    }
}
