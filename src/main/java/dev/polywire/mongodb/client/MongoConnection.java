package dev.polywire.mongodb.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PendingCalls;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.MongoClientMachine;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoEvent;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection: commands go out in order, up to {@code maxInFlight} without waiting for answers, and each answer goes
 * to the command it names. Belongs to the context of its socket.
 */
public final class MongoConnection implements Link.Connection, MachineSocket.Listener<MongoEvent> {

    private final MongoClientMachine machine;
    private final int maxInFlight;
    private final Spi spi;
    private final PendingCalls<Integer, MongoCall> pending = new PendingCalls<>();
    private final ArrayDeque<MongoCall> waiting = new ArrayDeque<>();
    private final Map<Integer, Handler<Buffer>> lateHandlers = new HashMap<>();
    private final Promise<MongoConnection> ready = Promise.promise();
    private @Nullable MachineSocket<MongoEvent> socket;
    private @Nullable HelloReply hello;
    private @Nullable Handler<RuntimeException> closeHandler;
    private @Nullable RuntimeException closed;

    private MongoConnection(MongoClientMachine machine, int maxInFlight, Spi spi) {
        this.machine = machine;
        this.maxInFlight = maxInFlight;
        this.spi = spi;
    }

    /**
     * Dials and shakes hands.
     *
     * @param maxInFlight commands sent and not answered, at a time
     * @return fails with a {@link CallException}, or with the {@link ProtocolException} that ended the handshake
     */
    public static Future<MongoConnection> connect(Dialer dialer, MongoClientOptions options, int maxInFlight, Spi spi) {
        MongoClientMachine machine = new MongoClientMachine(options, dialer.tap());
        MongoConnection connection = new MongoConnection(machine, maxInFlight, spi);
        return dialer.<MongoEvent>dial(machine, connection).compose(socket -> {
            connection.socket = socket;
            machine.start(Monotonic.millis());
            socket.flush();
            return connection.ready.future();
        });
    }

    /** What the server said of itself. */
    public HelloReply hello() {
        if (hello == null) {
            throw new IllegalStateException("before the handshake");
        }
        return hello;
    }

    /** Sends a call, or keeps it until it is its turn. */
    public void send(MongoCall call) {
        if (closed != null) {
            call.lost(closed);
        } else {
            waiting.add(call);
            call.deadline().whenExpired(() -> {
                waiting.remove(call);
                call.expired();
            });
            advance();
        }
    }

    /** Answers that came after their callers had given up. */
    public long lateAnswers() {
        return pending.lateAnswers();
    }

    @Override
    public void closeHandler(Handler<RuntimeException> handler) {
        closeHandler = handler;
        if (closed != null) {
            handler.handle(closed);
        }
    }

    @Override
    public void close(RuntimeException cause) {
        socket().close(cause);
    }

    @Override
    public void event(MongoEvent event) {
        if (event instanceof MongoEvent.Reply reply) {
            MongoCall call = answered(reply.responseTo(), null);
            if (call != null) {
                call.answered(reply.message().body());
            } else {
                late(reply);
            }
        } else if (event instanceof MongoEvent.Undecodable bad) {
            MongoCall call = answered(bad.responseTo(), bad.cause());
            if (call != null) {
                call.failed(bad.cause());
            } else {
                lateHandlers.remove(bad.responseTo());
            }
        } else if (event instanceof MongoEvent.Ready up) {
            hello = up.hello();
            ready.tryComplete(this);
        } else if (event instanceof MongoEvent.HandshakeRefused refused) {
            String why = BsonFields.text(refused.reply(), "errmsg");
            close(new CallException(Reason.UNAVAILABLE, socket().target() + " refused the handshake: " + why));
        }
    }

    @Override
    public void drained() {
        advance();
    }

    /** The oldest command is the one that a broken answer belonged to: a server works through them in order. */
    @Override
    public void closed(RuntimeException cause) {
        closed = cause;
        lateHandlers.clear();
        ready.tryFail(notReady(cause));
        List<MongoCall> sent = pending.drain();
        for (MongoCall call : sent) {
            spi.answered(call.span(), cause);
            if (cause instanceof ProtocolException && call == sent.get(0)) {
                call.failed(cause);
            } else {
                call.lost(cause);
            }
        }
        for (MongoCall call = waiting.poll(); call != null; call = waiting.poll()) {
            call.lost(cause);
        }
        if (closeHandler != null) {
            closeHandler.handle(cause);
        }
    }

    /** A server that says nothing is not there; only an answer can break the protocol. */
    private RuntimeException notReady(RuntimeException cause) {
        return cause instanceof ProtocolException late && late.isSilence()
                ? new CallException(Reason.UNAVAILABLE, socket().target() + ": " + cause.getMessage(), cause)
                : cause;
    }

    private @Nullable MongoCall answered(int responseTo, @Nullable Throwable failure) {
        MongoCall call = pending.answered(responseTo);
        if (call != null) {
            spi.answered(call.span(), failure);
        }
        advance();
        return call;
    }

    private void advance() {
        boolean any = false;
        while (!waiting.isEmpty() && pending.waiting() < maxInFlight && !socket().writeQueueFull()) {
            MongoCall call = waiting.remove();
            if (!call.over()) {
                any |= write(call);
            }
        }
        if (any) {
            socket().flush();
        }
    }

    private boolean write(MongoCall call) {
        int id;
        try {
            id = machine.send(call.command(), List.of());
        } catch (ProtocolException tooLong) {
            call.failed(new CallException(Reason.LIMIT_EXCEEDED, tooLong.getMessage(), tooLong));
            return false;
        }
        call.sent(spi.sent("mongodb", call.name()));
        pending.put(id, call);
        call.deadline().whenExpired(() -> givenUp(id, call));
        return true;
    }

    /** The answer to a call whose caller has given up, which may hold something that must be released. */
    private void late(MongoEvent.Reply reply) {
        Handler<Buffer> late = lateHandlers.remove(reply.responseTo());
        if (late != null) {
            late.handle(reply.message().body());
        }
    }

    /** Its answer may still come; its place on the wire is another's. */
    private void givenUp(int id, MongoCall call) {
        spi.answered(call.span(), call.expired());
        Handler<Buffer> late = call.late();
        if (late != null) {
            lateHandlers.put(id, late);
        }
        if (pending.giveUp(id)) {
            advance();
        } else {
            close(new CallException(
                    Reason.CONNECTION_LOST, "closed by us: " + PendingCalls.MAX_GIVEN_UP + " answers are missing"));
        }
    }

    private MachineSocket<MongoEvent> socket() {
        if (socket == null) {
            throw new IllegalStateException("not on a socket yet");
        }
        return socket;
    }
}
