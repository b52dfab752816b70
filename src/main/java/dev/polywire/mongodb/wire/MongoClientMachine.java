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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a connection: hello and login first, then requests and their replies, in any number at a time.
 *
 * <pre>
 *   start -> hello ...... HandshakeRefused | the login's first step | Ready
 *            saslStart .. DeriveKeys -> computed | LoginRefused | Ready
 *   send  -> request .... Reply | Undecodable        matched by responseTo, outside this machine
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
    private final @Nullable MongoLogin login;
    private MongoState state = MongoState.CONNECTED;
    private @Nullable HelloReply hello;
    /** The request of the handshake whose reply is due; 0: none. */
    private int awaited;

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
        this.login = options.login() == null ? null : options.login().get();
    }

    /** Sends the hello; called once, before anything else. */
    @Override
    public void start(long nowMillis) {
        MongoState started = require(Input.START);
        awaited = enqueue(new OpMsg(HelloCommand.first(options, login)));
        timers.set(Timer.HANDSHAKE, nowMillis + options.handshakeTimeoutMillis());
        state = started;
    }

    /** The keys of the last {@link MongoEvent.DeriveKeys}. @return null: the login goes on */
    public @Nullable MongoEvent computed(ScramKeys keys) {
        if (login == null || state != MongoState.AUTHENTICATING || awaited != 0) {
            throw new IllegalStateException("keys in state " + state);
        }
        return after(login.computed(keys));
    }

    /**
     * Sends a command.
     *
     * @param command a whole document, name first, with {@code $db}; kept until it is written, must not change, and only
     *     its length is checked
     * @param sequences documents beside the command
     * @return the request's id: positive; the {@code responseTo} of its reply
     * @throws IllegalStateException when not {@link MongoState#READY}, or between the replies of an exhausting one
     * @throws ProtocolException LIMIT when longer than {@link #maxMessageBytes}, or when a document or a batch is beyond the
     *     server's limits; DECODE when a document's length is wrong; nothing is sent, and the machine continues
     */
    public int send(Buffer command, List<DocumentSequence> sequences) {
        return send(new OpMsg(0, command, sequences));
    }

    /** As {@link #send(Buffer, List)}, for any request; a reply comes if it {@link MongoMessage#hasReply}. */
    public int send(MongoMessage request) {
        return send(request, null);
    }

    /**
     * The same.
     *
     * @param compressor the name of the one that it must be compressed with; null: with that which was agreed, if any
     * @throws ProtocolException DECODE, too, when none of this name was negotiated, when the command is never compressed, and
     *     for a legacy operation without a reply to a server that has none
     */
    public int send(MongoMessage request, @Nullable String compressor) {
        exhaust.requireNone();
        MongoState sent = require(Input.REQUEST);
        RequestPurpose.requireKnown(request, Objects.requireNonNull(hello));
        int requestId = enqueue(request, compressor);
        state = sent;
        return requestId;
    }

    /**
     * As {@link #send}, for a {@code getMore} or an awaitable {@code hello}: the server may answer again and again. Each
     * {@link MongoEvent.Reply} has the id of this request; the last has no {@link OpMsg#moreToCome}. Nothing is sent until
     * then.
     */
    public int sendExhaust(Buffer command) {
        int requestId = send(new OpMsg(OpMsg.EXHAUST_ALLOWED, command, List.of()));
        exhaust.sent(requestId);
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
        MongoEvent event = null;
        for (Buffer frame = in.nextFrame(); frame != null; frame = event == null ? in.nextFrame() : null) {
            event = event(frame);
        }
        return event;
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

    /** Null: it was a step of the login, which goes on. */
    private @Nullable MongoEvent event(Buffer received) {
        MessageHeader header = MessageHeader.read(received);
        // Until the login is done, whatever comes may repeat what it was sent, whomever it answers.
        boolean secret = secrets.answers(header.responseTo()) || isLoggingIn();
        if (tap != FrameTap.NONE) {
            tap.frame(false, MessageNames.reply(header.opCode(), header.responseTo()), received, secret);
        }
        if (header.opCode() != OpCompressed.OP_CODE) {
            return event(header, received, null);
        }
        OpCompressed message = OpCompressed.read(received);
        Compressor compressor = compression.of(message);
        Buffer frame = message.inflate(header, compressor, in.mostBytes());
        return event(MessageHeader.read(frame), frame, compressor);
    }

    private boolean isLoggingIn() {
        return login != null && (state == MongoState.HELLO_SENT || state == MongoState.AUTHENTICATING);
    }

    private @Nullable MongoEvent event(MessageHeader header, Buffer frame, @Nullable Compressor compressor) {
        return switch (state) {
            case HELLO_SENT -> helloAnswered(handshake(header, frame));
            case AUTHENTICATING -> loginAnswered(handshake(header, frame));
            default -> answered(header, frame, compressor);
        };
    }

    /** The document of the reply that is due. No operation exists yet, so that a bad one is the end of the connection. */
    private Buffer handshake(MessageHeader header, Buffer frame) {
        if (awaited == 0 || header.responseTo() != awaited) {
            throw ProtocolException.framing("responseTo: " + header.responseTo() + " (expected: "
                    + (awaited == 0 ? "no message" : awaited) + ")");
        }
        requireOpCode(header, header.opCode() == OpMsg.OP_CODE, "2013");
        awaited = 0;
        try {
            OpMsg reply = OpMsg.read(frame);
            exhaust.answered(header, reply);
            return reply.body();
        } catch (ProtocolException bad) {
            throw ProtocolException.framing(
                    (state == MongoState.HELLO_SENT ? "hello: " : "login: ") + bad.getMessage());
        }
    }

    private @Nullable MongoEvent helloAnswered(Buffer reply) {
        if (!HelloReply.isOk(reply)) {
            // With a login the server's own words may repeat the user's name.
            return refused(login == null ? BsonFields.text(reply, "errmsg") : MongoLogin.codeText(reply));
        }
        HelloReply up;
        try {
            up = HelloReply.read(reply);
        } catch (ProtocolException bad) {
            throw ProtocolException.framing("hello: " + bad.getMessage());
        }
        String set = options.replicaSet();
        if (set != null && !set.equals(up.setName())) {
            return refused("setName: another one, or none (expected: the one that is configured as replicaSet)");
        }
        hello = up;
        maxMessageBytes = Math.min(options.maxMessageBytes(), up.maxMessageSizeBytes());
        in.limit(maxMessageBytes);
        compression.accept(Compressors.shared(options.compressors(), up.compression()));
        state = require(Input.HELLO_ACCEPTED);
        return login == null ? loggedIn() : after(login.greeted(up));
    }

    private MongoEvent refused(String why) {
        state = require(Input.HELLO_REFUSED);
        finish();
        return new MongoEvent.HandshakeRefused(why);
    }

    private @Nullable MongoEvent loginAnswered(Buffer reply) {
        return after(Objects.requireNonNull(login).answered(reply));
    }

    private @Nullable MongoEvent after(AuthStep step) {
        if (step instanceof AuthStep.Authenticated) {
            return loggedIn();
        }
        if (step instanceof AuthStep.AuthRefused why) {
            state = require(Input.LOGIN_REFUSED);
            finish();
            return new MongoEvent.LoginRefused(why);
        }
        state = require(Input.LOGIN_GOES_ON);
        if (step instanceof AuthStep.DeriveKeys keys) {
            return new MongoEvent.DeriveKeys(keys.derivation());
        }
        awaited = enqueue(new OpMsg(((AuthStep.SendCommand) step).command()));
        return null;
    }

    private MongoEvent loggedIn() {
        timers.stop(Timer.HANDSHAKE);
        state = require(Input.LOGGED_IN);
        return new MongoEvent.Ready(Objects.requireNonNull(hello));
    }

    private MongoEvent answered(MessageHeader header, Buffer frame, @Nullable Compressor compressor) {
        requireOpCode(header, header.opCode() == OpMsg.OP_CODE || header.opCode() == OpReply.OP_CODE, "1 or 2013");
        MongoState next = MongoTransitions.next(state, Input.REPLY);
        if (next == null) {
            throw ProtocolException.framing("message in state " + state + " (expected: none)");
        }
        state = next;
        try {
            MongoMessage reply = MongoMessage.read(header, frame);
            int responseTo = reply instanceof OpMsg answer ? exhaust.answered(header, answer) : header.responseTo();
            return new MongoEvent.Reply(responseTo, reply, compressor);
        } catch (ProtocolException bad) {
            if (bad.kind() != ProtocolException.Kind.DECODE) {
                throw bad;
            }
            exhaust.undecodable(header, bad);
            return new MongoEvent.Undecodable(header.responseTo(), bad);
        }
    }

    private static void requireOpCode(MessageHeader header, boolean fits, String expected) {
        if (!fits) {
            throw ProtocolException.framing("opCode: " + header.opCode() + " (expected: " + expected + ")");
        }
    }

    @Override
    protected void due(Timer handshake, long nowMillis) {
        String what = state == MongoState.HELLO_SENT ? "handshake: no answer" : "login: no end";
        throw ProtocolException.silence(what + " (expected: within " + options.handshakeTimeoutMillis() + " ms)");
    }

    public MongoState state() {
        return state;
    }

    /** Whether the hello was sent, and the server has ended without a word. */
    public boolean isUnanswered() {
        return awaited == options.firstRequestId()
                && hello == null
                && (state == MongoState.HELLO_SENT || state == MongoState.CLOSED);
    }

    /** The longest message now, in either direction: our own cap, or less if the server announces less. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    private int enqueue(MongoMessage request) {
        return enqueue(request, null);
    }

    private int enqueue(MongoMessage request, @Nullable String named) {
        Compressor compressor = compressor(request, named);
        if (hello != null) {
            ServerSizes.require(request, hello);
        }
        MongoMessage message = request instanceof OpMsg command ? declared(command) : request;
        int requestId = nextRequestId;
        boolean secret = SecretCommands.isSecret(message);
        if (compressor == null && tap == FrameTap.NONE) {
            message.write(out, requestId, maxMessageBytes);
            sent(message, requestId, secret);
            return requestId;
        }
        Buffer frame = message.write(requestId, 0, maxMessageBytes);
        sent(message, requestId, secret);
        Buffer sent = compressor == null ? frame : Compression.compressed(frame, compressor, maxMessageBytes);
        if (tap != FrameTap.NONE) {
            tap.frame(true, MessageNames.command(message), sent, secret);
        }
        out.add(sent);
        return requestId;
    }

    private void sent(MongoMessage message, int requestId, boolean secret) {
        nextRequestId = requestId == Integer.MAX_VALUE ? 1 : requestId + 1;
        if (secret && message.hasReply()) {
            secrets.sent(requestId);
        }
    }

    private @Nullable Compressor compressor(MongoMessage request, @Nullable String named) {
        Compressor first = compression.first();
        if (named == null && first == null) {
            return null;
        }
        boolean allowed = hello != null && Compression.isAllowed(request);
        if (named == null) {
            return allowed ? first : null;
        }
        if (!allowed) {
            throw ProtocolException.decode("compressor: for a command that is never compressed (expected: none)");
        }
        return compression.named(named);
    }

    /** With what the options add to every command. */
    private OpMsg declared(OpMsg command) {
        ServerApi api = options.serverApi();
        boolean checksum = options.checksum() && hello != null;
        return api == null && !checksum
                ? command
                : new OpMsg(
                        checksum ? command.flagBits() | OpMsg.CHECKSUM_PRESENT : command.flagBits(),
                        api == null ? command.body() : api.addTo(command.body()),
                        command.sequences());
    }

    private MongoState require(Input input) {
        MongoState next = MongoTransitions.next(state, input);
        if (next == null) {
            throw new IllegalStateException(input + " in state " + state);
        }
        return next;
    }
}
