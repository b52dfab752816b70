package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a connection, without a conversation of its own: it reports requests and sends what its caller gives
 * it, invalid messages included. For scripted servers and for tests of the client.
 *
 * <p>A {@link ProtocolException} out of {@link #nextEvent}, of any kind, is final: it then has no event.
 */
public final class MongoServerMachine extends Machine<MongoServerMachine.Request> {

    /**
     * A request of a client.
     *
     * @param header its {@code requestId} goes into the reply
     * @param message its documents are checked
     */
    public record Request(MessageHeader header, MongoMessage message) {

        /** The document with the command; empty in a message without one. */
        public Buffer command() {
            if (message instanceof OpMsg command) {
                return command.body();
            }
            return message instanceof OpQuery query ? query.query() : Buffer.buffer();
        }
    }

    private final int maxMessageBytes;
    private final FrameAccumulator in;
    private final OutputQueue out;
    private final SecretCommands secrets = new SecretCommands();
    private int nextRequestId = 1;

    /** @param maxMessageBytes the longest message in either direction */
    public MongoServerMachine(int maxMessageBytes, FrameTap tap) {
        this(maxMessageBytes, tap, new OutputQueue());
    }

    private MongoServerMachine(int maxMessageBytes, FrameTap tap, OutputQueue out) {
        super(out, tap);
        this.maxMessageBytes = maxMessageBytes;
        this.out = out;
        this.in = new FrameAccumulator(MessageHeader.LENGTH_PREFIX, maxMessageBytes);
    }

    /**
     * Answers a request with one document.
     *
     * @return the reply's own id
     */
    public int reply(int responseTo, Buffer document) {
        return send(responseTo, new OpMsg(document));
    }

    /** Answers an {@link OpQuery}. */
    public int replyLegacy(int responseTo, OpReply reply) {
        return send(responseTo, reply);
    }

    /** Sends a message, which may have invalid flags or sections. */
    public int send(int responseTo, MongoMessage message) {
        int requestId = nextRequestId;
        Buffer frame = message.write(requestId, responseTo, maxMessageBytes);
        nextRequestId = requestId == Integer.MAX_VALUE ? 1 : requestId + 1;
        tap.frame(true, MessageNames.reply(message.opCode(), responseTo), frame, secrets.answers(responseTo));
        out.add(frame);
        return requestId;
    }

    /** Sends bytes as they are. */
    public void raw(Buffer bytes) {
        tap.frame(true, "raw", bytes, false);
        out.add(bytes);
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        in.append(bytes);
    }

    @Override
    protected Intake intake() {
        return in;
    }

    @Override
    protected @Nullable Request next() {
        Buffer frame = in.nextFrame();
        return frame == null ? null : request(frame);
    }

    @Override
    protected @Nullable Request ended() {
        in.requireFinished("message");
        return null;
    }

    private Request request(Buffer frame) {
        MessageHeader header = MessageHeader.read(frame);
        MongoMessage message;
        try {
            message = MongoMessage.read(header, frame);
        } catch (ProtocolException bad) {
            // The frame may hold anything, a password too.
            tap.frame(false, MessageNames.opCode(header.opCode()), frame, true);
            throw bad;
        }
        boolean secret = SecretCommands.isSecret(message);
        if (secret) {
            secrets.sent(header.requestId());
        }
        tap.frame(false, MessageNames.command(message), frame, secret);
        return new Request(header, message);
    }
}
