package dev.polywire.amqp.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Output;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames to send. A method that cannot be written leaves no bytes; a body is cut into frames in place, and its large parts
 * are not copied.
 */
final class FrameWriter implements Output {

    private static final Buffer END = Buffer.buffer(new byte[] {(byte) FrameReader.END});
    private static final Buffer HEARTBEAT =
            Buffer.buffer(new byte[] {FrameReader.HEARTBEAT, 0, 0, 0, 0, 0, 0, (byte) FrameReader.END});

    private final FrameTap tap;
    private final OutputQueue out = OutputQueue.reusing();
    private final AmqpWriter scratch = new AmqpWriter();
    private int maxFrameBytes;
    private boolean sent;

    FrameWriter(int maxFrameBytes, FrameTap tap) {
        this.maxFrameBytes = maxFrameBytes;
        this.tap = tap;
    }

    /** Another limit, from the next frame on. */
    void limit(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * @throws ProtocolException LIMIT when it does not fit into a frame
     * @throws IllegalArgumentException when an argument has no form in AMQP
     */
    void method(int channel, AmqpMethod method) {
        scratch.clear();
        methodFrame(channel, method);
        out.add(scratch.array(), scratch.position());
        sent = true;
    }

    /** A method and its content; as {@link #method}. */
    void content(int channel, ContentMethod method, Content content) {
        Buffer body = content.body();
        scratch.clear();
        methodFrame(channel, method);
        int headerStart = begin(FrameReader.HEADER, channel);
        new ContentHeader(ContentHeader.BASIC, body.length(), content.properties()).write(scratch);
        end(headerStart, "content header", false);
        int partBytes = maxFrameBytes - FrameReader.OVERHEAD_BYTES;
        for (int at = 0; at < body.length(); at += partBytes) {
            part(channel, body, at, Math.min(partBytes, body.length() - at));
        }
        out.add(scratch.array(), scratch.position());
        sent = true;
    }

    void heartbeat() {
        raw("heartbeat", HEARTBEAT);
    }

    /** Bytes as they are. */
    void raw(String name, Buffer bytes) {
        tap.frame(true, name, bytes, false);
        out.add(bytes);
        sent = true;
    }

    @Override
    public @Nullable Buffer take() {
        return out.take();
    }

    @Override
    public long bytes() {
        return out.bytes();
    }

    @Override
    public void written(Buffer bytes) {
        out.written(bytes);
    }

    @Override
    public long spareBytes() {
        return out.spareBytes();
    }

    @Override
    public void shed() {
        out.shed();
    }

    void rest() {
        out.rest();
    }

    /** Whether anything was written since this was asked before. */
    boolean takeSent() {
        boolean was = sent;
        sent = false;
        return was;
    }

    private void part(int channel, Buffer body, int at, int length) {
        scratch.u8(FrameReader.BODY).u16(channel).u32(length);
        out.add(scratch.array(), scratch.position());
        scratch.clear();
        Buffer part = length == body.length() ? body : body.slice(at, at + length);
        out.add(part);
        out.addByte(FrameReader.END);
        if (tap != FrameTap.NONE) {
            Buffer frame = Buffer.buffer(FrameReader.OVERHEAD_BYTES + length)
                    .appendByte((byte) FrameReader.BODY)
                    .appendUnsignedShort(channel)
                    .appendInt(length)
                    .appendBuffer(part)
                    .appendBuffer(END);
            tap.frame(true, "content body", frame, false);
        }
    }

    private void methodFrame(int channel, AmqpMethod method) {
        int start = begin(FrameReader.METHOD, channel);
        scratch.u32(method.id());
        method.write(scratch);
        end(start, tap == FrameTap.NONE ? "" : method.name(), Credentials.in(method));
    }

    private int begin(int type, int channel) {
        int start = scratch.position();
        scratch.limit(start + maxFrameBytes - 1);
        scratch.u8(type).u16(channel).u32(0);
        return start;
    }

    private void end(int start, String name, boolean secret) {
        scratch.limit(Integer.MAX_VALUE);
        scratch.fillU32(start + 3, scratch.position() - start - FrameReader.HEADER_BYTES);
        scratch.u8(FrameReader.END);
        if (tap != FrameTap.NONE) {
            tap.frame(true, name, scratch.copy().slice(start, scratch.position()), secret);
        }
    }
}
