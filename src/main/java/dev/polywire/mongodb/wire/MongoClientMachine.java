package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
import dev.polywire.mongodb.wire.MongoTransitions.Input;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a connection: hello first, then commands and their replies, in any number at a time.
 *
 * <pre>
 *   start -> hello ...... Ready | HandshakeRefused
 *   send  -> command .... Reply | Undecodable        matched by responseTo, outside this machine
 *   sendExhaust -> ...... Reply*                     the last one without moreToCome
 * </pre>
 *
 * <p>A {@link ProtocolException} out of {@link #nextEvent} or {@link #tick} leaves it in {@link MongoState#FAILED}. One out of
 * {@code send} does not.
 */
public final class MongoClientMachine extends TimedMachine<MongoEvent, MongoClientMachine.Timer> {

    enum Timer {
        HANDSHAKE
    }

    private final MongoClientOptions options;
    private final FrameAccumulator in;
    private final OutputQueue out;
    private final SecretCommands secrets = new SecretCommands();
    private final Compression compression;
    private final Exhaust exhaust = new Exhaust();
    private MongoState state = MongoState.CONNECTED;
    private int nextRequestId;
    private int maxMessageBytes;

    public MongoClientMachine(MongoClientOptions options, FrameTap tap) {
        this(options, tap, new OutputQueue());
    }

    private MongoClientMachine(MongoClientOptions options, FrameTap tap, OutputQueue out) {
        super(out, tap, new Timers<>(Timer.class));
        this.options = options;
        this.out = out;
        this.maxMessageBytes = options.maxMessageBytes();
        this.in = new FrameAccumulator(MessageHeader.LENGTH_PREFIX, maxMessageBytes);
        this.nextRequestId = options.firstRequestId();
        // The hello's own answer may come with any that we offer.
        this.compression = new Compression(options.compressors());
    }

    /** Sends the hello; called once, before anything else. */
    @Override
    public void start(long nowMillis) {
        MongoState started = require(Input.START);
        enqueue(new OpMsg(HelloCommand.document(options.client(), Compressors.names(options.compressors()))));
        timers.set(Timer.HANDSHAKE, nowMillis + options.handshakeTimeoutMillis());
        state = started;
    }

    /**
     * Sends a command.
     *
     * @param command a whole document, name first, with {@code $db}; kept until it is written, must not change, and only
     *     its length is checked
     * @param sequences documents beside the command
     * @return the request's id: positive; the {@code responseTo} of its reply
     * @throws IllegalStateException when not {@link MongoState#READY}, or between the replies of an exhausting one
     * @throws ProtocolException LIMIT when longer than {@link #maxMessageBytes}, DECODE when a document's length is
     *     wrong; nothing is sent, and the machine continues
     */
    public int send(Buffer command, List<DocumentSequence> sequences) {
        return request(0, command, sequences);
    }

    /** As {@link #send}, for a write with {@code writeConcern: {w: 0}}: no reply will come. */
    public void sendWithoutReply(Buffer command, List<DocumentSequence> sequences) {
        request(OpMsg.MORE_TO_COME, command, sequences);
    }

    /**
     * As {@link #send}, for a {@code getMore} or an awaitable {@code hello}: the server may answer again and again. Each
     * {@link MongoEvent.Reply} has the id of this request; the last has no {@link OpMsg#moreToCome}. Nothing is sent until
     * then.
     */
    public int sendExhaust(Buffer command) {
        int requestId = request(OpMsg.EXHAUST_ALLOWED, command, List.of());
        exhaust.sent(requestId);
        return requestId;
    }

    private int request(int flagBits, Buffer command, List<DocumentSequence> sequences) {
        exhaust.requireNone();
        MongoState sent = require(Input.REQUEST);
        int checksum = options.checksum() ? OpMsg.CHECKSUM_PRESENT : 0;
        int requestId = enqueue(new OpMsg(flagBits | checksum, command, sequences));
        state = sent;
        return requestId;
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
    protected @Nullable MongoEvent next() {
        Buffer frame = in.nextFrame();
        return frame == null ? null : event(frame);
    }

    @Override
    protected @Nullable MongoEvent ended() {
        in.requireFinished("message");
        state = require(Input.PEER_CLOSED);
        finish();
        return null;
    }

    @Override
    protected void farewell(ProtocolException violation) {
        state = require(Input.VIOLATION);
    }

    private MongoEvent event(Buffer received) {
        MessageHeader header = MessageHeader.read(received);
        boolean secret = secrets.answers(header.responseTo());
        if (tap != FrameTap.NONE) {
            tap.frame(false, MessageNames.reply(header.opCode(), header.responseTo()), received, secret);
        }
        if (header.opCode() != OpCompressed.OP_CODE) {
            return event(header, received);
        }
        Buffer frame = compression.inflated(header, OpCompressed.read(received), in.mostBytes());
        return event(MessageHeader.read(frame), frame);
    }

    private MongoEvent event(MessageHeader header, Buffer frame) {
        if (header.opCode() != OpMsg.OP_CODE) {
            throw ProtocolException.framing("opCode: " + header.opCode() + " (expected: " + OpMsg.OP_CODE + ")");
        }
        return state == MongoState.HELLO_SENT ? helloAnswered(header, frame) : answered(header, frame);
    }

    private MongoEvent helloAnswered(MessageHeader header, Buffer frame) {
        if (header.responseTo() != options.firstRequestId()) {
            throw ProtocolException.framing(
                    "responseTo: " + header.responseTo() + " (expected: " + options.firstRequestId() + ")");
        }
        HelloReply hello;
        try {
            OpMsg reply = OpMsg.read(frame);
            exhaust.answered(header, reply);
            if (!HelloReply.isOk(reply.body())) {
                state = require(Input.HELLO_REFUSED);
                finish();
                return new MongoEvent.HandshakeRefused(reply.body());
            }
            hello = HelloReply.read(reply.body());
        } catch (ProtocolException bad) {
            // No operation exists yet, so the connection itself fails.
            throw ProtocolException.framing("hello: " + bad.getMessage());
        }
        maxMessageBytes = Math.min(options.maxMessageBytes(), hello.maxMessageSizeBytes());
        in.limit(maxMessageBytes);
        compression.accept(Compressors.shared(options.compressors(), hello.compression()));
        timers.stop(Timer.HANDSHAKE);
        state = require(Input.HELLO_ACCEPTED);
        return new MongoEvent.Ready(hello);
    }

    private MongoEvent answered(MessageHeader header, Buffer frame) {
        MongoState next = MongoTransitions.next(state, Input.REPLY);
        if (next == null) {
            throw ProtocolException.framing("message in state " + state + " (expected: none)");
        }
        state = next;
        try {
            OpMsg reply = OpMsg.read(frame);
            return new MongoEvent.Reply(exhaust.answered(header, reply), reply);
        } catch (ProtocolException bad) {
            if (bad.kind() != ProtocolException.Kind.DECODE) {
                throw bad;
            }
            exhaust.undecodable(header, bad);
            return new MongoEvent.Undecodable(header.responseTo(), bad);
        }
    }

    @Override
    protected void due(Timer handshake, long nowMillis) {
        throw ProtocolException.silence(
                "handshake: no answer (expected: within " + options.handshakeTimeoutMillis() + " ms)");
    }

    public MongoState state() {
        return state;
    }

    /** The longest message now, in either direction: our own cap, or less if the server announces less. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    private int enqueue(OpMsg message) {
        int requestId = nextRequestId;
        Buffer frame = message.write(requestId, 0, maxMessageBytes);
        boolean secret = SecretCommands.isSecret(message.body());
        nextRequestId = requestId == Integer.MAX_VALUE ? 1 : requestId + 1;
        if (secret && !message.moreToCome()) {
            secrets.sent(requestId);
        }
        Compressor compressor = compression.first();
        Buffer sent = compressor == null || !Compression.isAllowed(message)
                ? frame
                : Compression.compressed(frame, compressor, maxMessageBytes);
        if (tap != FrameTap.NONE) {
            tap.frame(true, MessageNames.command(message), sent, secret);
        }
        out.add(sent);
        return requestId;
    }

    private MongoState require(Input input) {
        MongoState next = MongoTransitions.next(state, input);
        if (next == null) {
            throw new IllegalStateException(input + " in state " + state);
        }
        return next;
    }
}
