package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connection. Both sides are alike: each sends packages when it likes, answers the other one's heartbeats, and asks
 * by its own {@link HeartbeatTimes}. Only the farewell differs: a server says what was wrong with the bytes.
 *
 * <p>Correlation ids are the caller's: a conversation may have one question and many answers, or begin with either side.
 */
public final class EventStoreMachine extends TimedMachine<EventStoreEvent, EventStoreMachine.Timer> {

    enum Timer {
        /** To see what was received and sent. */
        LOOK,
        /** Something must have been received. */
        ANSWER
    }

    /** Which side this is. */
    public enum Role {
        CLIENT,
        SERVER
    }

    /** Of what belongs to no conversation: a connection that is about to close. */
    public static final UUID NO_CONVERSATION = new UUID(0, 0);

    private final Role role;
    private final CredentialsLayout credentials;
    private final HeartbeatTimes heartbeats;
    private final Supplier<UUID> heartbeatIds;
    private final FrameAccumulator packages;
    private final OutputQueue output;
    private final Buffer small = TcpPackage.smallMemory();

    /** What a server says about bytes that are no package. */
    private String complaint = "";

    private long receivedBytes;
    private long sentPackages;
    private long receivedAtLook;
    private long sentAtLook;
    private long receivedAtQuestion;
    private boolean held;

    private int maxBytes = TcpPackage.MAX_BYTES;
    /** What makes the package that is next the last one. */
    private @Nullable ProtocolException refusal;

    /**
     * @param credentials how they lie in packages of the version that is spoken
     * @param heartbeatIds of our heartbeats; any will do
     */
    public EventStoreMachine(
            Role role,
            CredentialsLayout credentials,
            HeartbeatTimes heartbeats,
            Supplier<UUID> heartbeatIds,
            FrameTap tap) {
        this(role, credentials, heartbeats, heartbeatIds, tap, OutputQueue.reusing());
    }

    private EventStoreMachine(
            Role role,
            CredentialsLayout credentials,
            HeartbeatTimes heartbeats,
            Supplier<UUID> heartbeatIds,
            FrameTap tap,
            OutputQueue output) {
        super(output, tap, new Timers<>(Timer.class));
        this.role = role;
        this.credentials = credentials;
        this.heartbeats = heartbeats;
        this.heartbeatIds = heartbeatIds;
        this.packages = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
        this.output = output;
    }

    /**
     * Takes shorter packages only. Whose answer is longer is told as something unreadable, LIMIT; then the machine ends.
     *
     * @param maxBytes as the length counts
     */
    public void limit(int maxBytes) {
        this.maxBytes = maxBytes;
        packages.limit(maxBytes);
    }

    /** Sends a message with the connection's own credentials. Failures are those of {@link #send(TcpPackage)}. */
    public void send(UUID correlationId, EventStoreMessage message) {
        ProtobufWriter fields = TcpPackage.smallPayload(small);
        PayloadWriter payload = new PayloadWriter(fields);
        message.write(payload);
        TcpCommand command = message.command();
        if (!payload.isSmall()) {
            send(new TcpPackage(command.number(), false, correlationId, null, payload.payload()));
            return;
        }
        Buffer frame = TcpPackage.smallFrame(command, correlationId, fields);
        if (tap != FrameTap.NONE) {
            tap.frame(true, command.protocolName(), frame.copy(), false);
        }
        output.add(frame);
        sentPackages++;
    }

    /**
     * Sends a package.
     *
     * @throws ProtocolException LIMIT when it is too long for any peer; nothing is sent, and the machine continues
     * @throws IllegalArgumentException when its credentials cannot be told to the peer; nothing is sent either
     */
    public void send(TcpPackage sent) {
        Buffer head = sent.writeHead(credentials, TcpPackage.MAX_BYTES, 0);
        if (tap != FrameTap.NONE) {
            tap.frame(true, name(sent), head.copy().appendBuffer(sent.payload()), sent.credentials() != null);
        }
        output.add(head);
        output.add(sent.payload());
        sentPackages++;
    }

    /** Sends no more than the beginning of a package, as a peer does that dies in the middle of it. @param bytes 0 or more */
    public void sendBeginning(TcpPackage sent, int bytes) {
        Buffer frame = sent.write(credentials, TcpPackage.MAX_BYTES);
        output.add(frame.getBuffer(0, Math.min(bytes, frame.length())));
    }

    @Override
    public void start(long nowMillis) {
        look(nowMillis);
    }

    /** Nothing is read now, so nobody is silent. */
    @Override
    public void hold(boolean held, long nowMillis) {
        this.held = held;
        timers.stop(Timer.ANSWER);
        timers.stop(Timer.LOOK);
        look(nowMillis);
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        packages.append(bytes);
        receivedBytes += bytes.length();
    }

    @Override
    protected Intake intake() {
        return packages;
    }

    @Override
    protected @Nullable EventStoreEvent next() {
        if (refusal != null) {
            throw refusal;
        }
        for (Buffer frame = nextFrame(); frame != null; frame = nextFrame()) {
            if (refusal != null) {
                return new EventStoreEvent.Unreadable(TcpPackage.head(frame), refusal);
            }
            TcpPackage sent = read(frame);
            if (sent.command() == TcpCommand.HEARTBEAT_REQUEST) {
                send(sent.correlationId(), new ConnectionMessage.HeartbeatResponse());
            } else if (sent.command() != TcpCommand.HEARTBEAT_RESPONSE) {
                return event(sent);
            }
        }
        return null;
    }

    private @Nullable Buffer nextFrame() {
        try {
            return packages.nextFrame();
        } catch (ProtocolException bad) {
            int length = packages.refusedLength();
            complaint = ServerComplaint.aboutLength(length, bad);
            boolean tooLong = bad.kind() == ProtocolException.Kind.LIMIT || length > maxBytes;
            if (role == Role.SERVER || !tooLong) {
                throw bad;
            }
            return answerTooLong(bad);
        }
    }

    /**
     * A server's answer may be longer than what it would take itself. Nothing of it is kept, and its length is not believed: it is
     * only asked whom it concerns.
     *
     * @return its head, when that is here
     */
    private @Nullable Buffer answerTooLong(ProtocolException bad) {
        Buffer head = packages.refusedHead(TcpPackage.HEADER_BYTES);
        if (head == null) {
            return null;
        }
        TcpCommand command = TcpPackage.head(head).command();
        if (command == null || command.sender() != TcpCommand.Sender.SERVER) {
            throw bad;
        }
        refusal = ProtocolException.limit("answer: " + bad.getMessage());
        return head;
    }

    private TcpPackage read(Buffer frame) {
        TcpPackage sent;
        try {
            sent = TcpPackage.read(frame, credentials);
        } catch (ProtocolException bad) {
            // It may hold a password anywhere.
            tap.frame(false, "package", frame, true);
            complaint = ServerComplaint.aboutCredentials(frame, bad);
            throw bad;
        }
        tap.frame(false, name(sent), frame, sent.credentials() != null);
        return sent;
    }

    private static EventStoreEvent event(TcpPackage sent) {
        TcpCommand command = sent.command();
        if (command == null) {
            return new EventStoreEvent.Unreadable(
                    sent, ProtocolException.decode("command: " + sent.commandNumber() + " (expected: a known one)"));
        }
        try {
            return new EventStoreEvent.Message(sent, EventStoreMessage.read(command, sent.payload()));
        } catch (ProtocolException bad) {
            return new EventStoreEvent.Unreadable(sent, bad);
        }
    }

    private static String name(TcpPackage sent) {
        TcpCommand command = sent.command();
        return command == null ? "command " + sent.commandNumber() : command.protocolName();
    }

    /** Silence is answered with silence, by real servers too. */
    @Override
    protected void farewell(ProtocolException violation) {
        if (role == Role.SERVER && !violation.isSilence() && !violation.isTruncation()) {
            send(NO_CONVERSATION, new ConnectionMessage.BadRequest(complaint));
        }
    }

    @Override
    protected @Nullable EventStoreEvent ended() {
        packages.requireFinished("package");
        finish();
        return null;
    }

    @Override
    protected void due(Timer timer, long nowMillis) {
        if (timer == Timer.ANSWER) {
            answerDue(nowMillis);
            return;
        }
        output.rest();
        boolean heard = receivedBytes != receivedAtLook;
        boolean spoke = sentPackages != sentAtLook;
        boolean always = heartbeats.rule() == HeartbeatTimes.Rule.IN_EACH_INTERVAL;
        if (heard || always) {
            look(nowMillis);
        }
        if (!heard && !timers.runs(Timer.ANSWER)) {
            receivedAtQuestion = receivedBytes;
            timers.set(Timer.ANSWER, nowMillis + heartbeats.timeoutMillis());
        }
        if (!heard || always && !spoke) {
            send(heartbeatIds.get(), new ConnectionMessage.HeartbeatRequest());
        }
    }

    private void answerDue(long nowMillis) {
        if (receivedBytes == receivedAtQuestion) {
            throw ProtocolException.silence(
                    "connection: no byte for " + heartbeats.timeoutMillis() + " ms after a heartbeat");
        }
        if (!timers.runs(Timer.LOOK)) {
            look(nowMillis);
        }
    }

    /** Remembers what was received and sent, until the next look. */
    private void look(long nowMillis) {
        receivedAtLook = receivedBytes;
        sentAtLook = sentPackages;
        if (heartbeats.intervalMillis() > 0 && !held) {
            timers.set(Timer.LOOK, nowMillis + heartbeats.intervalMillis());
        }
    }
}
