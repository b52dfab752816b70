package dev.polywire.calls;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.testing.FramedPeer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;

/** Requests on a framed connection whose messages are envelopes. */
class FramedSide extends Side<FramedConnection> {

    /** More than two sockets take when nobody reads. */
    static final int MAX_FRAME_BYTES = FramedLimits.DEFAULT_MAX_FRAME_BYTES;

    /** More than a socket of ours takes behind the one that is being written. */
    private static final int WRITE_QUEUE_MESSAGES = 64;

    /** As usual, but for what may wait: here it is to be more than one. */
    static final FramedLimits LIMITS = new FramedLimits(
            MAX_FRAME_BYTES,
            FramedLimits.DEFAULT_FRAME_TIMEOUT_MILLIS,
            0,
            3 * MAX_FRAME_BYTES,
            FramedLimits.DEFAULT_SLOW_PEER_MILLIS,
            0);

    private final FramedPeer.Door door = new FramedPeer.Door();
    private final ArrayDeque<FramedEnvelope> held = new ArrayDeque<>();
    private long lateReplies;
    private FramedPeer peer;

    private final class Listener implements FramedListener {

        @Override
        public void opened(FramedConnection connection) {}

        @Override
        public void received(FramedConnection connection, Buffer payload) {}

        @Override
        public void lateReply(FramedConnection connection) {
            lateReplies++;
        }

        @Override
        public void closed(FramedConnection connection, RuntimeException cause) {}
    }

    FramedSide() {
        super("framed");
    }

    FramedLimits limits() {
        return LIMITS.correlated(2 * WRITE_QUEUE_MESSAGES);
    }

    @Override
    EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", door.port());
    }

    /** As {@code FramedClient} does it. */
    @Override
    Future<FramedConnection> dial(Dialer dialer, long handshakeTimeoutMillis) {
        return FramedConnection.connect(dialer, "1", limits(), new Listener());
    }

    @Override
    void accept() {
        peer = door.accept();
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return connection().request(Buffer.buffer(name), deadline).map(Buffer::toString);
    }

    @Override
    Future<String> next(String name, Deadline deadline) {
        return changing(name, deadline);
    }

    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        return connection().request(padded(name, MAX_FRAME_BYTES), deadline).map(name);
    }

    @Override
    int fill() {
        ask(
                (name, deadline) -> connection()
                        .request(padded(name, MAX_FRAME_BYTES - FramedEnvelope.HEADER_BYTES), deadline)
                        .map(FramedSide::name),
                "long");
        return 1 + fillQueue();
    }

    /** Behind a long one that the peer does not read: what comes now is not begun before it reads. */
    final int fillQueue() {
        for (int i = 0; i < WRITE_QUEUE_MESSAGES; i++) {
            ask(this::next, "before");
        }
        return WRITE_QUEUE_MESSAGES;
    }

    @Override
    String hear() {
        FramedEnvelope next = FramedEnvelope.read(peer.read());
        held.add(next);
        return name(next.content());
    }

    @Override
    void answer() {
        FramedEnvelope oldest = held.remove();
        Buffer name = Buffer.buffer(name(oldest.content()));
        peer.write(FramedPeer.frame(new FramedEnvelope(Kind.REPLY, oldest.id(), name).write()));
    }

    @Override
    void answerTooLong() {
        peer.write(Buffer.buffer().appendInt(MAX_FRAME_BYTES + 1));
    }

    /** A message that does not end. */
    @Override
    void cutOff() {
        peer.write(Buffer.buffer().appendInt(1)).finish();
    }

    @Override
    void drop() {
        peer.reset();
    }

    @Override
    long lateAnswers() {
        return lateReplies;
    }

    @Override
    public void close() {
        if (peer != null) {
            peer.close();
        }
        door.close();
        super.close();
    }

    final FramedPeer peer() {
        return peer;
    }

    /** A name and zeros behind it. */
    static Buffer padded(String name, int bytes) {
        return Buffer.buffer(bytes).appendString(name).appendBytes(new byte[bytes - name.length()]);
    }

    /** What stands before zeros. */
    static String name(Buffer content) {
        int end = 0;
        while (end < content.length() && content.getByte(end) != 0) {
            end++;
        }
        return content.getString(0, end);
    }
}
