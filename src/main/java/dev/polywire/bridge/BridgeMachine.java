package dev.polywire.bridge;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's side of one connection. A frame is a length and that many bytes of JSON; each frame gives one event, also a
 * refused one, because the next frame is still readable. Only a length over the limit ends the stream: the rest
 * is dropped unread until the client has had time to read the reason (closing with unread bytes would reset the
 * connection and lose the answer).
 *
 * <p>A client that does not log in, or is silent, gets an {@code err} frame and is closed.
 */
final class BridgeMachine extends Machine<BridgeFrame> {

    /** How long a client has to read that its frame was too large. */
    static final long FAREWELL_MILLIS = 1_000;
    /** The limit before the login. */
    static final int LOGIN_FRAME_BYTES = 65_536;

    /** A body may contain anything, including a password; the connector's wire log shows the bytes. */
    private static final boolean SECRET = true;

    private static final int LENGTH_BYTES = 4;

    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);

    private final BridgeLimits limits;
    private final FrameAccumulator frames;
    private final StrictJson json;
    private final OutputQueue output;
    /** The reason for dropping the rest of the stream, while the client has time to read it. */
    private @Nullable ProtocolException refused;

    private @Nullable Refusal timedOut;
    private boolean login;
    private boolean paused;
    private long weightBytes;
    private long reportedBytes;
    private long nowMillis;
    private long heardMillis;
    private long closeAtMillis = NEVER;

    /** @param login whether the client must log in first */
    BridgeMachine(BridgeLimits limits, boolean login, FrameTap tap, long nowMillis) {
        this(limits, login, tap, nowMillis, new OutputQueue());
    }

    private BridgeMachine(BridgeLimits limits, boolean login, FrameTap tap, long nowMillis, OutputQueue output) {
        super(output, tap);
        this.output = output;
        this.limits = limits;
        this.login = login;
        this.frames = new FrameAccumulator(
                LAYOUT, login ? Math.min(LOGIN_FRAME_BYTES, limits.maxFrameBytes()) : limits.maxFrameBytes());
        this.json = new StrictJson(limits.maxJsonDepth(), limits.maxJsonValues());
        this.nowMillis = nowMillis;
        this.heardMillis = nowMillis;
    }

    /** The client has logged in: its frames may be larger, and it may be silent for longer. */
    void loggedIn() {
        login = false;
        heardMillis = nowMillis;
        frames.limit(limits.maxFrameBytes());
    }

    /** Whether reading is suspended. Then the client's silence does not count, unless the silence began before. */
    @Override
    public void hold(boolean held, long nowMillis) {
        this.paused = held;
        this.nowMillis = nowMillis;
        if (!held) {
            heardMillis = nowMillis;
        }
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        this.nowMillis = nowMillis;
        if (refused == null) {
            frames.append(bytes);
        }
    }

    @Override
    protected @Nullable BridgeFrame next() {
        if (refused != null) {
            return null;
        }
        Buffer frame;
        try {
            frame = frames.nextFrame();
        } catch (ProtocolException tooLarge) {
            refused = tooLarge;
            frames.clear();
            closeAtMillis = nowMillis + FAREWELL_MILLIS;
            return new BridgeFrame.Bad(null, null, Refusal.FRAME_TOO_LARGE, String.valueOf(tooLarge.getMessage()));
        }
        return frame == null ? unfinished() : read(frame);
    }

    /** A client may close in the middle of a frame. */
    @Override
    protected @Nullable BridgeFrame ended() {
        return null;
    }

    @Override
    protected Intake intake() {
        return frames;
    }

    /** What the message of the last event takes in memory on the bus, by estimate. */
    long weightBytes() {
        return weightBytes;
    }

    /** The reason for closing a client that exceeded a timeout, or null. */
    @Nullable
    Refusal timedOut() {
        return timedOut;
    }

    /**
     * Queues a frame for the client.
     *
     * @throws RefusedException when it cannot be written
     */
    void write(JsonObject frame) {
        write(frame, encode(frame));
    }

    /** @return the frame as bytes. @throws RefusedException when it cannot be written */
    Buffer encode(JsonObject frame) {
        Buffer body;
        try {
            body = frame.toBuffer();
        } catch (EncodeException notJson) {
            throw new RefusedException(Refusal.REPLY_NOT_JSON, "body: holds what JSON cannot say");
        }
        int length = body.length();
        if (length > limits.maxOutputBytes()) {
            throw new RefusedException(
                    Refusal.REPLY_TOO_LARGE,
                    "reply: " + length + " bytes (expected: <= " + limits.maxOutputBytes() + ")");
        }
        return framed(body);
    }

    /** A frame with this body, also for a client that gets no machine. */
    static Buffer framed(Buffer body) {
        int length = body.length();
        return Buffer.buffer(LENGTH_BYTES + length).appendInt(length).appendBuffer(body);
    }

    /** Queues the {@code encoded} form of {@code frame}, from {@link #encode}. */
    void write(JsonObject frame, Buffer encoded) {
        if (tap != FrameTap.NONE) {
            tap.frame(true, named(frame.getString("type"), frame.getString("address")), encoded, SECRET);
        }
        output.add(encoded);
    }

    @Override
    protected long dueMillis() {
        if (refused != null) {
            return closeAtMillis;
        }
        if (paused && frames.waitingBytes() == 0) {
            return NEVER;
        }
        return heardMillis + (login ? limits.loginTimeoutMillis() : limits.idleTimeoutMillis());
    }

    @Override
    protected void due(long nowMillis) {
        this.nowMillis = nowMillis;
        if (refused == null) {
            timedOut = login ? Refusal.NOT_LOGGED_IN : Refusal.IDLE;
            String detail = login
                    ? "login: none within " + limits.loginTimeoutMillis() + " ms"
                    : "nothing heard for " + limits.idleTimeoutMillis() + " ms (expected: a ping, at least)";
            write(ErrFrame.refused(null, null, timedOut, detail).json());
            refused = ProtocolException.silence(detail);
            frames.clear();
        }
        throw refused;
    }

    private @Nullable BridgeFrame unfinished() {
        long waiting = frames.waitingBytes();
        if (waiting <= LOGIN_FRAME_BYTES || waiting == reportedBytes) {
            return null;
        }
        reportedBytes = waiting;
        return new BridgeFrame.Unfinished(waiting);
    }

    private BridgeFrame read(Buffer frame) {
        weightBytes = frame.length();
        reportedBytes = 0;
        if (!login) {
            heardMillis = nowMillis;
        }
        BridgeFrame read;
        try {
            StrictJson.Document document = json.document(frame.slice(LENGTH_BYTES, frame.length()));
            weightBytes = JsonWeight.ofCopied(Math.max(frame.length(), document.textBytes()), document.values());
            read = document.value() instanceof JsonObject object
                    ? FrameJson.read(object)
                    : bad("json: not an object (expected: an object)");
        } catch (FieldException malformed) {
            read = bad(String.valueOf(malformed.getMessage()));
        }
        if (tap != FrameTap.NONE) {
            tap.frame(false, name(read), frame, SECRET);
        }
        return read;
    }

    private static String name(BridgeFrame frame) {
        if (frame instanceof BridgeFrame.Send send) {
            return named("send", send.address(), send.headers().action());
        } else if (frame instanceof BridgeFrame.Publish publish) {
            return named("publish", publish.address(), publish.headers().action());
        } else if (frame instanceof BridgeFrame.Register register) {
            return named("register", register.address());
        } else if (frame instanceof BridgeFrame.Unregister unregister) {
            return named("unregister", unregister.address());
        } else if (frame instanceof BridgeFrame.Err err) {
            return named("err", err.address());
        }
        return frame instanceof BridgeFrame.Bad bad ? "bad frame: " + bad.detail() : type(frame);
    }

    private static String type(BridgeFrame frame) {
        return frame.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String named(String type, @Nullable String... more) {
        StringJoiner name = new StringJoiner(" ").add(type);
        for (String each : more) {
            if (each != null) {
                name.add(each);
            }
        }
        return name.toString();
    }

    private static BridgeFrame bad(String detail) {
        return new BridgeFrame.Bad(null, null, Refusal.BAD_JSON, detail);
    }
}
