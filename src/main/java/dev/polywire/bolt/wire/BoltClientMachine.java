package dev.polywire.bolt.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a connection: performs the handshake, greeting and authentication, then takes any number of requests
 * at a time, which are answered in their order.
 *
 * <pre>
 *   start -> offer, HELLO, LOGON ..... Ready | Refused
 *   send  -> RUN, PULL, ... .......... (Record | Undecodable)* Answer
 * </pre>
 *
 * <p>A request is refused here when it cannot follow those sent before, assuming that these succeed. When one fails, those
 * after it are answered by IGNORED, and only RESET (or ACK_FAILURE) may be sent next.
 *
 * <p>A {@link ProtocolException} from {@link #nextEvent} or {@link #tick} leaves it in {@link BoltState#DEFUNCT}; one from
 * {@code send} does not.
 */
public final class BoltClientMachine extends TimedMachine<BoltEvent, BoltClientMachine.Timer> {

    enum Timer {
        /** The time for the server to accept the login. */
        HANDSHAKE,
        /** The time for the server to send something while a request is outstanding. */
        SIGN
    }

    /** A request without an answer; the greeting has number 0. */
    private record Pending(long number, BoltMessage message) {}

    private final BoltClientOptions options;
    private final ClientHandshake handshake;
    private final ChunkReader in;
    private final MessageWriter out;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private int resetsPending;
    /** Before and after the conversation; null: {@link #progress} has the state. */
    private @Nullable BoltState outside = BoltState.DISCONNECTED;
    /** The state after the server's last answer; from the end of the handshake on. */
    private @Nullable BoltProgress progress;
    /** The state when all requests that were sent succeed. */
    private @Nullable BoltProgress ahead;

    private @Nullable BoltServerInfo server;
    private ValueDialect dialect = ValueDialect.of(BoltVersion.V1);
    private boolean ready;
    private long nextNumber = 1;
    private long heardMillis;
    private boolean held;

    public BoltClientMachine(BoltClientOptions options, FrameTap tap) {
        this(
                options,
                tap,
                new MessageWriter(
                        ValueDialect.of(BoltVersion.V1), options.limits().maxMessageBytes()));
    }

    private BoltClientMachine(BoltClientOptions options, FrameTap tap, MessageWriter out) {
        super(out, tap, new Timers<>(Timer.class));
        this.options = options;
        this.handshake = new ClientHandshake(options.offer());
        this.in = new ChunkReader(options.limits().maxMessageBytes());
        this.out = out;
    }

    /** Sends the offer; once, before anything else. */
    @Override
    public void start(long nowMillis) {
        if (outside != BoltState.DISCONNECTED) {
            throw new IllegalStateException("start in state " + state());
        }
        raw(handshake.offer());
        outside = BoltState.HANDSHAKE;
        timers.set(Timer.HANDSHAKE, nowMillis + options.handshakeTimeoutMillis());
    }

    /**
     * Sends a request.
     *
     * @return its number: positive, one more each time; {@link BoltRequest.Goodbye} has no answer and ends the machine
     * @throws IllegalStateException when it cannot follow the requests before, or does not exist in this version
     * @throws ProtocolException LIMIT when it is too long, DECODE when it contains a value or an option that this version
     *     does not have; nothing is sent, and the machine continues
     */
    public long send(BoltRequest request, long nowMillis) {
        BoltMessage message = request.message();
        if (!ready || ahead == null || outside != null || !ahead.allows(message)) {
            throw new IllegalStateException(message + " in state " + stateAhead());
        }
        write(request);
        long number = nextNumber++;
        if (pending.isEmpty()) {
            heardMillis = nowMillis;
        }
        if (message == BoltMessage.GOODBYE) {
            end();
        } else {
            sent(number, request);
            listen();
        }
        return number;
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        in.receive(bytes);
        heardMillis = nowMillis;
        listen();
    }

    @Override
    protected @Nullable BoltEvent next() {
        if (outside == null || outside == BoltState.HANDSHAKE && shakeHands()) {
            while (in.next()) {
                BoltEvent event = event();
                if (event != null) {
                    return event;
                }
            }
        }
        return null;
    }

    @Override
    protected @Nullable BoltEvent ended() {
        in.requireFinished();
        end();
        return null;
    }

    @Override
    protected void farewell(ProtocolException violation) {
        outside = BoltState.DEFUNCT;
    }

    @Override
    protected void due(Timer timer, long nowMillis) {
        throw ProtocolException.silence(
                timer == Timer.HANDSHAKE
                        ? "handshake: no answer (expected: within " + options.handshakeTimeoutMillis() + " ms)"
                        : "server: silent (expected: a sign at least each "
                                + (server == null ? 0 : server.receiveTimeoutMillis()) + " ms, as it said)");
    }

    /** Whether reading is suspended, so that the server's silence does not count. */
    @Override
    public void hold(boolean held, long nowMillis) {
        this.held = held;
        heardMillis = nowMillis;
        listen();
    }

    @Override
    protected Intake intake() {
        return in;
    }

    /** While an answer is outstanding and reading is not suspended, the server must send as often as it has promised. */
    private void listen() {
        if (ready && server != null && server.receiveTimeoutMillis() > 0) {
            timers.set(Timer.SIGN, held || pending.isEmpty() ? NEVER : heardMillis + server.receiveTimeoutMillis());
        }
    }

    private void end() {
        outside = BoltState.DEFUNCT;
        finish();
    }

    /** The state after the server's last answer. */
    public BoltState state() {
        return outside != null || progress == null ? outside == null ? BoltState.DEFUNCT : outside : progress.state();
    }

    /** The state when all requests that were sent succeed. */
    public BoltState stateAhead() {
        return ahead == null || outside != null ? state() : ahead.state();
    }

    /** How many requests have no answer yet. */
    public int pendingRequests() {
        return pending.size();
    }

    /** Continues the handshake; true: it is done, and the greeting is on its way. */
    private boolean shakeHands() {
        for (int next = in.nextByte(); next >= 0; next = in.nextByte()) {
            if (handshake.take(next)) {
                BoltVersion version = handshake.version();
                speak(ValueDialect.of(version));
                raw(handshake.pick());
                progress = new BoltProgress(version);
                ahead = new BoltProgress(version);
                outside = null;
                for (BoltRequest greeting : options.greeting(version)) {
                    write(greeting);
                    sent(0, greeting);
                }
                return true;
            }
        }
        return false;
    }

    private void speak(ValueDialect spoken) {
        dialect = spoken;
        out.dialect(spoken);
    }

    private void raw(Buffer bytes) {
        if (bytes.length() > 0) {
            out.raw(bytes.getBytes());
            tap.frame(true, "handshake", bytes, false);
        }
    }

    private void write(BoltRequest request) {
        BoltMessage message = request.message();
        out.write(
                request::write,
                tap == FrameTap.NONE ? null : bytes -> tap.frame(true, message.name(), bytes, message.isSecret()));
    }

    private void sent(long number, BoltRequest request) {
        BoltMessage message = request.message();
        // Whether a PULL with a limit leaves records is unknown, so the machine assumes that it does.
        progressAhead().success(message, request.isPartial());
        pending.add(new Pending(number, message));
        resetsPending += message == BoltMessage.RESET ? 1 : 0;
    }

    private @Nullable BoltEvent event() {
        byte[] bytes = in.bytes();
        int start = in.start();
        boolean record = in.end() - start > 1
                && (bytes[start] & 0xff) == (PackStream.TINY_STRUCTURE | 1)
                && bytes[start + 1] == BoltRecord.TAG;
        if (tap != FrameTap.NONE) {
            Buffer frame = Buffer.buffer().appendBytes(bytes, start, in.end() - start);
            tap.frame(false, BoltResponse.name(frame), frame, false);
        }
        Pending request = pending.peek();
        if (request == null) {
            throw ProtocolException.framing("message: not asked for (expected: none)");
        }
        return record ? record(request) : answer(request);
    }

    private BoltEvent record(Pending request) {
        BoltState state = state();
        if (request.message() != BoltMessage.PULL || state != BoltState.STREAMING && state != BoltState.TX_STREAMING) {
            throw ProtocolException.framing(
                    "RECORD: for " + request.message() + " in state " + state + " (expected: for PULL)");
        }
        try {
            return new BoltEvent.Record(
                    request.number(), BoltRecord.read(in.bytes(), in.start() + 2, in.end(), dialect, options.limits()));
        } catch (ProtocolException bad) {
            return new BoltEvent.Undecodable(request.number(), bad);
        }
    }

    private @Nullable BoltEvent answer(Pending request) {
        BoltResponse response;
        boolean hasMore;
        try {
            response = BoltResponse.read(
                    new PackStreamReader(in.bytes(), in.start(), in.end(), dialect, options.limits()));
            hasMore = response instanceof BoltResponse.Success success && success.hasMore();
        } catch (ProtocolException bad) {
            // Without the answer the state of the conversation is unknown.
            throw ProtocolException.framing("response: " + bad.getMessage());
        }
        if (!follows(request.message(), response, hasMore)) {
            throw ProtocolException.framing(response.getClass().getSimpleName() + ": for " + request.message()
                    + " in state " + state() + " (expected: another)");
        }
        pending.remove();
        resetsPending -= request.message() == BoltMessage.RESET ? 1 : 0;
        if (pending.isEmpty()) {
            progressAhead().set(progress());
        } else if (response instanceof BoltResponse.Failure && state() == BoltState.FAILED && resetsPending == 0) {
            progressAhead().fail();
        }
        if (state() == BoltState.DEFUNCT) {
            end();
        }
        listen();
        return request.number() == 0 ? greeted(request, response) : new BoltEvent.Answer(request.number(), response);
    }

    private boolean follows(BoltMessage message, BoltResponse response, boolean hasMore) {
        if (response instanceof BoltResponse.Success) {
            return progress().success(message, hasMore);
        }
        return response instanceof BoltResponse.Failure
                ? progress().failure(message)
                : progress().ignores(message) || resetsPending > 0;
    }

    private @Nullable BoltEvent greeted(Pending request, BoltResponse response) {
        if (response instanceof BoltResponse.Failure failure) {
            end();
            return new BoltEvent.Refused(failure);
        }
        if (request.message() != BoltMessage.LOGON && response instanceof BoltResponse.Success success) {
            server = BoltServerInfo.of(handshake.version(), success.metadata());
            speak(server.dialect());
        }
        ready = state() == BoltState.READY && pending.isEmpty();
        if (ready) {
            timers.stop(Timer.HANDSHAKE);
        }
        return ready && server != null ? new BoltEvent.Ready(server) : null;
    }

    private BoltProgress progress() {
        if (progress == null) {
            throw new IllegalStateException("before the handshake");
        }
        return progress;
    }

    private BoltProgress progressAhead() {
        if (ahead == null) {
            throw new IllegalStateException("before the handshake");
        }
        return ahead;
    }
}
