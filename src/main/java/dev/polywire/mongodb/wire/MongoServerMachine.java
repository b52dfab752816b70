package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * @param header its {@code requestId}, which may be any number, goes into the reply; of the message inside when it was
     *     compressed
     * @param message its documents are checked; never {@link OpCompressed}
     * @param compressor the one that it came with; null: it was not compressed
     */
    public record Request(
            MessageHeader header,
            MongoMessage message,
            @Nullable Compressor compressor) {

        /** The document with the command, inside all wrappers of an OP_QUERY; empty in a message without one. */
        public Buffer command() {
            if (message instanceof OpMsg command) {
                return command.body();
            }
            if (message instanceof OpQuery query) {
                return query.isCommand() ? QueryWrapper.command(query.query()) : query.query();
            }
            return Buffer.buffer();
        }
    }

    /** Compressed requests without a reply; beyond it the oldest is answered as if it had not been compressed. */
    private static final int MAX_WAITING = 1_024;

    private final int maxMessageBytes;
    private final FrameAccumulator in;
    private final OutputQueue out;
    private final SecretCommands secrets = new SecretCommands();
    private final List<Compressor> compressors;
    private final Compression compression = new Compression(List.of());
    private final Map<Integer, Compressor> compressedRequests = new LinkedHashMap<>();
    private int nextRequestId = 1;

    /** @param maxMessageBytes the longest message in either direction */
    public MongoServerMachine(int maxMessageBytes, FrameTap tap) {
        this(maxMessageBytes, tap, List.of());
    }

    /**
     * @param maxMessageBytes the longest message in either direction
     * @param compressors those that may be negotiated
     */
    public MongoServerMachine(int maxMessageBytes, FrameTap tap, List<Compressor> compressors) {
        this(maxMessageBytes, tap, compressors, new OutputQueue());
    }

    private MongoServerMachine(int maxMessageBytes, FrameTap tap, List<Compressor> compressors, OutputQueue out) {
        super(out, tap);
        this.maxMessageBytes = maxMessageBytes;
        this.compressors = List.copyOf(compressors);
        this.out = out;
        this.in = new FrameAccumulator(MessageHeader.LENGTH_PREFIX, maxMessageBytes);
    }

    /**
     * Agrees on compression: from now on these may come.
     *
     * @param offered by the client, in its hello: {@link HelloCommand#compression}
     * @return those that we have too, in our order: {@code compression} of the hello's answer
     */
    public List<String> negotiate(List<String> offered) {
        List<Compressor> shared = Compressors.shared(compressors, offered);
        compression.accept(shared);
        return Compressors.names(shared);
    }

    /**
     * Answers a request with one document, compressed as the request was.
     *
     * @return the reply's own id
     */
    public int reply(int responseTo, Buffer document) {
        return send(responseTo, new OpMsg(document));
    }

    /** Sends a message, which may have invalid flags or sections, compressed as the request was. */
    public int send(int responseTo, MongoMessage message) {
        Compressor compressor = compressedRequests.remove(responseTo);
        int requestId = send(responseTo, message, compressor);
        if (compressor != null && message instanceof OpMsg reply && reply.moreToCome()) {
            // The next reply of the exhaust answers this one.
            remember(requestId, compressor);
        }
        return requestId;
    }

    /**
     * Sends a message compressed, negotiated or not.
     *
     * @param compressor null: as it is
     */
    public int send(int responseTo, MongoMessage message, @Nullable Compressor compressor) {
        int requestId = nextRequestId;
        Buffer frame = message.write(requestId, responseTo, maxMessageBytes);
        nextRequestId = requestId == Integer.MAX_VALUE ? 1 : requestId + 1;
        Buffer sent = compressor == null ? frame : Compression.compressed(frame, compressor, maxMessageBytes);
        tap.frame(true, MessageNames.reply(message.opCode(), responseTo), sent, secrets.answers(responseTo));
        out.add(sent);
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

    private Request request(Buffer received) {
        MessageHeader header = MessageHeader.read(received);
        MongoMessage message;
        Compressor compressor = null;
        try {
            message = MongoMessage.read(header, received);
            if (message instanceof OpCompressed compressed) {
                compressor = compression.of(compressed);
                Buffer frame = compressed.inflate(header, compressor, in.mostBytes());
                header = MessageHeader.read(frame);
                message = MongoMessage.read(header, frame);
            }
        } catch (ProtocolException bad) {
            // The frame may hold anything, a password too.
            tap.frame(false, MessageNames.opCode(header.opCode()), received, true);
            throw bad;
        }
        boolean secret = SecretCommands.isSecret(message);
        if (secret) {
            secrets.sent(header.requestId());
        }
        if (compressor != null && message.hasReply() && Compression.isAllowed(message)) {
            remember(header.requestId(), compressor);
        }
        tap.frame(false, MessageNames.command(message), received, secret);
        return new Request(header, message, compressor);
    }

    private void remember(int requestId, Compressor compressor) {
        compressedRequests.put(requestId, compressor);
        if (compressedRequests.size() > MAX_WAITING) {
            Iterator<Integer> oldest = compressedRequests.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
