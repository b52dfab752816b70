package dev.polywire.bolt.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a connection: gives one request at a time, which must be answered; later ones wait. A request that is
 * not allowed ends the connection, a request to be ignored is ignored, and a RESET ends the request in progress on arrival.
 *
 * <pre>
 *   Request -> record* -> success | failure          by the request's number
 *   Interrupted, then Request(RESET) -> success      an answer to the interrupted request is dropped
 * </pre>
 *
 * <p>After each answer ask for events again: the next request may have arrived. A {@link ProtocolException} from
 * {@link #nextEvent} or {@link #tick} leaves it in {@link BoltState#DEFUNCT}, with a last FAILURE to send, if the client
 * can understand one.
 */
public final class BoltServerMachine extends TimedMachine<BoltServerEvent, ServerDeadlines.Timer> {

    private static final byte[] NOOP = {0, 0};
    private static final BoltResponse IGNORED = new BoltResponse.Ignored();

    private final BoltServerOptions options;
    private final ServerHandshake handshake;
    private final ChunkReader in;
    private final RequestQueue queue;
    private final MessageWriter out;
    private final ServerDeadlines deadlines;
    private final OpenResults results = new OpenResults();
    /** Before and after the conversation; null: {@link #progress} has the state. */
    private @Nullable BoltState outside = BoltState.DISCONNECTED;

    private @Nullable BoltProgress progress;
    private BoltServerEvent.@Nullable Request current;
    /** The records that the PULL in progress may still have; -1: any number. */
    private long recordsLeft;

    private int requestBytes;
    private int requestValues;

    private ValueDialect dialect = ValueDialect.of(BoltVersion.V1);
    private BoltLimits limits;
    private long nextNumber = 1;

    public BoltServerMachine(BoltServerOptions options, FrameTap tap) {
        this(
                options,
                tap,
                new MessageWriter(
                        ValueDialect.of(BoltVersion.V1), options.limits().maxMessageBytes()));
    }

    private BoltServerMachine(BoltServerOptions options, FrameTap tap, MessageWriter out) {
        super(out, tap, new Timers<>(ServerDeadlines.Timer.class));
        this.options = options;
        this.deadlines = new ServerDeadlines(options, timers);
        this.handshake = new ServerHandshake(options.offer());
        this.limits = options.unauthenticatedLimits();
        this.in = new ChunkReader(limits.maxMessageBytes());
        this.queue = new RequestQueue(in, options.maxWaiting());
        this.out = out;
    }

    /** A client has connected; once, before anything else. */
    @Override
    public void start(long nowMillis) {
        if (outside != BoltState.DISCONNECTED) {
            throw new IllegalStateException("start in state " + state());
        }
        deadlines.start(nowMillis);
        outside = BoltState.HANDSHAKE;
    }

    /**
     * Sends a row of the result for a PULL.
     *
     * @return false: the request is no longer in progress; nothing is sent
     * @throws IllegalStateException when it is not a PULL, or has had its maximum of records
     * @throws ProtocolException LIMIT or DECODE when a value cannot be sent; nothing is sent
     */
    public boolean record(long number, Collection<? extends @Nullable Object> values) {
        return record(number, row -> row.structure(1, BoltRecord.TAG).list(values));
    }

    /** As {@link #record(long, Collection)}, for a row that was received. */
    public boolean record(long number, BoltRecord row) {
        return record(number, row::write);
    }

    /**
     * Answers a request. The machine adds the protocol's own metadata: those of the greeting, the number of a result.
     *
     * @param metadata of a PULL or DISCARD with {@code has_more: true} when the result has more records
     * @return false: the request is no longer in progress; nothing is sent
     * @throws ProtocolException LIMIT or DECODE when a value cannot be sent; nothing is sent
     * @throws IllegalArgumentException when {@code has_more} is not allowed here
     */
    public boolean success(long number, Map<String, @Nullable Object> metadata) {
        BoltServerEvent.Request answered = current;
        if (answered == null || answered.number() != number) {
            return false;
        }
        BoltRequest request = answered.request();
        boolean hasMore = new BoltResponse.Success(metadata).hasMore();
        if (hasMore && !request.isPartial()) {
            throw new IllegalArgumentException("has_more: true for " + request + " (expected: for a part of a result)");
        }
        write(new BoltResponse.Success(completed(request, metadata)));
        progress().success(request.message(), hasMore);
        settle(request, hasMore);
        return true;
    }

    /**
     * Answers a request that failed. After the failure of a HELLO, INIT, LOGON or RESET the server closes the connection.
     *
     * @return false: the request is no longer in progress; nothing is sent
     */
    public boolean failure(long number, BoltResponse.Failure failure) {
        BoltServerEvent.Request answered = current;
        if (answered == null || answered.number() != number) {
            return false;
        }
        write(failure);
        progress().failure(answered.request().message());
        results.clear();
        done();
        if (state() == BoltState.DEFUNCT) {
            end();
        }
        return true;
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        deadlines.now(nowMillis);
        in.receive(bytes);
    }

    @Override
    protected @Nullable BoltServerEvent next() {
        if (outside == BoltState.DISCONNECTED) {
            return null;
        }
        BoltServerEvent event = outside == null || shakeHands() ? event() : null;
        deadlines.unfinished(in.isUnfinished() && current == null);
        return event;
    }

    /** A request in progress is still answered. */
    @Override
    protected @Nullable BoltServerEvent ended() {
        if (current == null && outside != BoltState.DISCONNECTED) {
            in.requireFinished();
            end();
        }
        return null;
    }

    /** Sends a FAILURE to a client that violated the protocol, but not to one that is silent or does not speak Bolt. */
    @Override
    protected void farewell(ProtocolException violation) {
        if (outside == null && !violation.isSilence()) {
            write(new BoltResponse.Failure(
                    BoltResponse.Failure.INVALID_REQUEST, String.valueOf(violation.getMessage())));
        }
        end();
    }

    @Override
    protected void due(ServerDeadlines.Timer timer, long nowMillis) {
        if (deadlines.due(timer, nowMillis)) {
            out.raw(NOOP);
        }
    }

    /** The state of the conversation. */
    public BoltState state() {
        return outside == null ? progress().state() : outside;
    }

    /** The negotiated version. */
    public BoltVersion version() {
        return handshake.version();
    }

    @Override
    protected Intake intake() {
        return queue;
    }

    /** The bytes of the request in progress; 0: there is none. */
    public int requestBytes() {
        return requestBytes;
    }

    /** The values inside of it: with its bytes a measure of its size in memory. */
    public int requestValues() {
        return requestValues;
    }

    private boolean shakeHands() {
        try {
            for (int next = in.nextByte(); next >= 0; next = in.nextByte()) {
                if (handshake.take(next)) {
                    BoltVersion version = handshake.version();
                    speak(ValueDialect.of(version));
                    progress = new BoltProgress(version);
                    outside = null;
                    deadlines.handshakeDone();
                    return true;
                }
            }
            return false;
        } finally {
            Buffer answer = handshake.answer();
            if (answer.length() > 0) {
                out.raw(answer.getBytes());
                tap.frame(true, "handshake", answer, false);
            }
        }
    }

    private @Nullable BoltServerEvent event() {
        while (outside == null) {
            while (queue.arrive()) {
                deadlines.messageDone();
            }
            if (queue.resets() > 0 && progress().arrived(BoltMessage.RESET) && current != null) {
                return interrupted(current.number());
            }
            RequestQueue.Message first = queue.peek();
            if (current != null) {
                return first != null && first.isGoodbye() ? goodbye() : null;
            }
            RequestQueue.Message message = queue.next();
            BoltServerEvent event = message == null ? null : arrived(message);
            if (event != null || message == null) {
                return event;
            }
        }
        return null;
    }

    private @Nullable BoltServerEvent arrived(RequestQueue.Message message) {
        BoltRequest request = read(message);
        BoltMessage kind = request.message();
        boolean lastReset = kind == BoltMessage.RESET && queue.resets() == 0;
        if (!lastReset && progress().ignores(kind)) {
            write(IGNORED);
            return null;
        }
        if (!progress().allows(kind)) {
            throw ProtocolException.framing(kind + ": in state " + state() + " (expected: another)");
        }
        if (kind == BoltMessage.GOODBYE) {
            return goodbye();
        }
        current = new BoltServerEvent.Request(nextNumber++, results.located(request));
        recordsLeft = request instanceof BoltRequest.Pull pull ? pull.n() : 0;
        deadlines.working(handshake.version());
        if (kind == BoltMessage.ACK_FAILURE) {
            success(current.number(), Map.of());
        }
        return current;
    }

    private BoltRequest read(RequestQueue.Message message) {
        BoltVersion version = handshake.version();
        PackStreamReader reader =
                new PackStreamReader(message.bytes(), message.start(), message.end(), dialect, limits);
        BoltRequest request = null;
        try {
            request = RequestReader.read(reader, version);
            requestBytes = message.end() - message.start();
            requestValues = reader.valuesRead(requestBytes, limits);
            return request;
        } finally {
            if (tap != FrameTap.NONE) {
                Buffer frame =
                        Buffer.buffer().appendBytes(message.bytes(), message.start(), message.end() - message.start());
                // An unreadable message may contain anything, including a password.
                boolean secret = request == null || request.message().isSecret();
                tap.frame(false, request == null ? "message" : request.message().name(), frame, secret);
            }
        }
    }

    private BoltServerEvent interrupted(long number) {
        write(IGNORED);
        results.clear();
        done();
        return new BoltServerEvent.Interrupted(number);
    }

    private BoltServerEvent goodbye() {
        progress().arrived(BoltMessage.GOODBYE);
        end();
        return new BoltServerEvent.Goodbye();
    }

    private boolean record(long number, Consumer<PackStreamWriter> row) {
        BoltServerEvent.Request asked = current;
        if (asked == null || asked.number() != number) {
            return false;
        }
        if (recordsLeft == 0) {
            throw new IllegalStateException("RECORD for " + asked.request() + " (expected: no more)");
        }
        write(row);
        recordsLeft -= recordsLeft > 0 ? 1 : 0;
        return true;
    }

    private Map<String, @Nullable Object> completed(BoltRequest request, Map<String, @Nullable Object> metadata) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        if (request instanceof BoltRequest.Init || request instanceof BoltRequest.Hello) {
            all.putAll(options.greeting(handshake.version(), handshake.byManifest(), wantsUtc(request)));
        } else if (request instanceof BoltRequest.Run && handshake.version().hasDemand() && inTransaction()) {
            all.put("qid", results.next());
        } else {
            return metadata;
        }
        all.putAll(metadata);
        return all;
    }

    private boolean wantsUtc(BoltRequest request) {
        return handshake.version().hasUtcPatch() && request instanceof BoltRequest.Hello hello && hello.wantsUtc();
    }

    private boolean inTransaction() {
        return state() == BoltState.TX_READY || state() == BoltState.TX_STREAMING;
    }

    private void settle(BoltRequest request, boolean hasMore) {
        results.settle(request, hasMore);
        if (wantsUtc(request)) {
            speak(new ValueDialect(handshake.version(), true));
        }
        if (state() == BoltState.READY) {
            results.clear();
        }
        if (limits != options.limits() && state() == BoltState.READY) {
            limits = options.limits();
            in.limit(limits.maxMessageBytes());
            deadlines.authenticated();
        }
        done();
    }

    private void end() {
        outside = BoltState.DEFUNCT;
        finish();
        done();
    }

    private void done() {
        current = null;
        requestBytes = 0;
        requestValues = 0;
        deadlines.resting();
    }

    private void speak(ValueDialect spoken) {
        dialect = spoken.ofRequests();
        out.dialect(spoken);
    }

    private void write(BoltResponse response) {
        write(response::write);
    }

    private void write(Consumer<PackStreamWriter> message) {
        out.write(
                message,
                tap == FrameTap.NONE ? null : bytes -> tap.frame(true, BoltResponse.name(bytes), bytes, false));
        deadlines.said();
    }

    private BoltProgress progress() {
        if (progress == null) {
            throw new IllegalStateException("before the handshake");
        }
        return progress;
    }
}
