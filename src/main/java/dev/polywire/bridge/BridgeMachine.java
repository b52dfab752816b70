package dev.polywire.bridge;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's side of one connection. A frame is a length and that many bytes of JSON; each gives one event, and one that
 * is refused is an event too, because the frame behind it can be read. Only a length over the limit ends the stream: the
 * rest of it is thrown away unread until the client has had time to read why (closing with bytes unread would reset the
 * connection and take the answer with it).
 */
final class BridgeMachine implements Machine<BridgeFrame> {

    /** How long a client has to read that its frame was too large. */
    static final long FAREWELL_MILLIS = 1_000;

    /** A body may hold anything, a password too; who wants to see bytes has the log of the protocol behind it. */
    private static final boolean SECRET = true;

    private static final int LENGTH_BYTES = 4;
    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);

    private final FrameAccumulator frames;
    private final StrictJson json;
    private final int maxOutputBytes;
    private final FrameTap tap;
    private final OutputQueue output = new OutputQueue();
    private @Nullable ProtocolException over;
    private long nowMillis;
    private long closeAtMillis = Long.MAX_VALUE;

    BridgeMachine(BridgeOptions options, FrameTap tap) {
        this.frames = new FrameAccumulator(LAYOUT, options.maxFrameBytes());
        this.json = new StrictJson(options.maxJsonDepth());
        this.maxOutputBytes = options.maxOutputBytes();
        this.tap = tap;
    }

    @Override
    public void receive(Buffer bytes, long nowMillis) {
        this.nowMillis = nowMillis;
        if (over == null) {
            frames.append(bytes);
        }
    }

    @Override
    public void peerClosed(long nowMillis) {}

    @Override
    public @Nullable BridgeFrame nextEvent() {
        if (over != null) {
            return null;
        }
        Buffer frame;
        try {
            frame = frames.nextFrame();
        } catch (ProtocolException tooLarge) {
            over = tooLarge;
            closeAtMillis = nowMillis + FAREWELL_MILLIS;
            return new BridgeFrame.Bad(null, null, Refusal.FRAME_TOO_LARGE, String.valueOf(tooLarge.getMessage()));
        }
        return frame == null ? null : read(frame);
    }

    /** Answers a ping. */
    void pong() {
        write("pong", new JsonObject().put("type", "pong"));
    }

    /**
     * Answers a request.
     *
     * @param headers of the reply
     * @param body a JSON value
     * @throws RefusedException when it cannot be written
     */
    void message(@Nullable String replyAddress, MultiMap headers, @Nullable Object body) {
        JsonObject all = new JsonObject();
        headers.forEach(all::put);
        write(
                "message",
                new JsonObject()
                        .put("type", "message")
                        .put("address", replyAddress)
                        .put("headers", all)
                        .put("send", true)
                        .put("body", body));
    }

    /** @throws RefusedException when the service's own words cannot be written */
    void err(ErrFrame err) {
        write("err", err.json());
    }

    @Override
    public @Nullable Buffer takeOutput() {
        return output.take();
    }

    @Override
    public long outputBytes() {
        return output.bytes();
    }

    @Override
    public long deadlineMillis() {
        return closeAtMillis;
    }

    @Override
    public void tick(long nowMillis) {
        if (over != null && nowMillis >= closeAtMillis) {
            throw over;
        }
    }

    private BridgeFrame read(Buffer frame) {
        BridgeFrame read;
        try {
            Object value = json.read(frame.slice(LENGTH_BYTES, frame.length()));
            read = value instanceof JsonObject object
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
            return "send " + send.address() + " " + send.headers().action();
        }
        return frame instanceof BridgeFrame.Bad bad ? "bad frame: " + bad.detail() : "ping";
    }

    private static BridgeFrame bad(String detail) {
        return new BridgeFrame.Bad(null, null, Refusal.BAD_JSON, detail);
    }

    private void write(String type, JsonObject json) {
        Buffer body;
        try {
            body = json.toBuffer();
        } catch (EncodeException notJson) {
            throw new RefusedException(Refusal.REPLY_NOT_JSON, "body: holds what JSON cannot say");
        }
        int length = body.length();
        if (length > maxOutputBytes) {
            throw new RefusedException(
                    Refusal.REPLY_TOO_LARGE, "reply: " + length + " bytes (expected: <= " + maxOutputBytes + ")");
        }
        Buffer frame = Buffer.buffer(LENGTH_BYTES + length).appendInt(length).appendBuffer(body);
        tap.frame(true, type, frame, SECRET);
        output.add(frame);
    }
}
