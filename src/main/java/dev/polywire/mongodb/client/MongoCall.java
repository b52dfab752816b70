package dev.polywire.mongodb.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.CommandDocument;
import dev.polywire.mongodb.wire.CommandKind;
import dev.polywire.mongodb.wire.CommandSequences;
import dev.polywire.mongodb.wire.Compressor;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.WriteConcern;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request. Its answer is the reply, whose documents are checked; {@code ok: 0} is an answer too. A request without a reply
 * is answered with an empty document as soon as its bytes are handed to the system; UNKNOWN_OUTCOME: they were not. Fails with UNAVAILABLE, CONNECTION_LOST, UNKNOWN_OUTCOME, TIMEOUT,
 * SHUTTING_DOWN, LIMIT_EXCEEDED, BAD_REQUEST, or with a protocol violation.
 */
public final class MongoCall extends Call<MongoMessage> {

    /** An empty document: 05000000 00. */
    private static final Buffer EMPTY = Buffer.buffer().appendIntLE(5).appendByte((byte) 0);

    private static final MongoMessage NOTHING = new OpMsg(EMPTY);

    private final boolean hasReply;
    private final int replyOpCode;
    private final boolean mayWait;
    /** Whether it is a command to which we add what its server needs; otherwise it is sent as it is given. */
    private final boolean completed;

    private @Nullable LongSupplier leastRoundTripMillis;
    private long sentMillis;
    private MongoMessage request;
    private @Nullable String compressor;
    private @Nullable String replyCompressor;

    /**
     * Any request, which is sent as it is.
     *
     * @param request with checked documents; a command is complete: name first, with {@code $db}
     * @param reads whether it changes nothing: a lost answer is then CONNECTION_LOST, not UNKNOWN_OUTCOME
     * @param deadline null: none, for one on a connection of its own
     */
    public MongoCall(MongoMessage request, boolean reads, @Nullable Deadline deadline) {
        this(false, request, reads, deadline);
    }

    private MongoCall(boolean completed, MongoMessage request, boolean reads, @Nullable Deadline deadline) {
        super(!reads, deadline);
        this.request = request;
        this.completed = completed;
        this.hasReply = request.hasReply();
        this.replyOpCode = request instanceof OpMsg ? OpMsg.OP_CODE : OpReply.OP_CODE;
        this.mayWait = CommandKind.mayWait(request);
    }

    /**
     * A command, with its bulk as document sequences. It gets the read preference that its server demands.
     *
     * @param moreToCome whether nothing is heard of it when it has {@code writeConcern: {w: 0}}
     * @throws CallException LIMIT_EXCEEDED for more documents than a message can hold
     */
    public MongoCall(Buffer command, boolean reads, Deadline deadline, boolean moreToCome) {
        this(true, message(command, moreToCome), reads, deadline);
    }

    /** A command that is answered whatever it says. */
    public MongoCall(Buffer command, boolean reads, Deadline deadline) {
        this(command, reads, deadline, false);
    }

    /** A command that reads if it only reads by its name. */
    public MongoCall(Buffer command, Deadline deadline) {
        this(command, CommandKind.reads(command), deadline);
    }

    private static OpMsg message(Buffer command, boolean moreToCome) {
        try {
            CommandSequences parts = CommandSequences.of(command);
            boolean unheard = moreToCome && WriteConcern.isUnacknowledged(parts.body());
            return new OpMsg(unheard ? OpMsg.MORE_TO_COME : 0, parts.body(), parts.sequences());
        } catch (ProtocolException tooMany) {
            throw unsendable(tooMany);
        }
    }

    /**
     * The server gets the rest of the deadline as {@code maxTimeMS}, minus the least round trip, unless the command has one. When
     * nothing is left as it is to be sent, it fails with UNAVAILABLE.
     *
     * @param leastRoundTripMillis 0 while it is not known
     */
    public void timed(LongSupplier leastRoundTripMillis) {
        this.leastRoundTripMillis = leastRoundTripMillis;
    }

    /** The request must be compressed with this one, which must be negotiated; else the call fails with BAD_REQUEST. */
    public void compressedWith(String name) {
        compressor = name;
    }

    /** The name of the compressor that the answer came with, if the request had to be compressed; null: with none. */
    public @Nullable String replyCompressor() {
        return compressor == null ? null : replyCompressor;
    }

    @Nullable
    String compressor() {
        return compressor;
    }

    /** The document of the answer to a command. */
    public Future<Buffer> document() {
        return answer().map(reply -> ((OpMsg) reply).body());
    }

    /** The command's name if it is a known one, since callers can invent any number of names. */
    @Override
    protected String operation() {
        if (request instanceof OpMsg command) {
            return CommandKind.word(BsonFields.firstName(command.body()));
        }
        return request instanceof OpQuery query && query.isCommand()
                ? CommandKind.word(BsonFields.firstName(query.query()))
                : request.getClass().getSimpleName();
    }

    /** Whether the server may let it wait, as a getMore for what is inserted later: nothing should be put behind it. */
    public boolean mayWait() {
        return mayWait;
    }

    void sentAt(long nowMillis) {
        sentMillis = nowMillis;
    }

    /** When it was sent, on {@link dev.polywire.core.net.Monotonic}'s clock. */
    long sentMillis() {
        return sentMillis;
    }

    /** The deadline, which also bounds the wait for a connection. */
    public Deadline patience() {
        return Objects.requireNonNull(deadline());
    }

    /** What it holds in memory until it is sent. */
    public int requestBytes() {
        return (int) Math.min(Integer.MAX_VALUE, request.messageBytes());
    }

    /** Whether a reply will come. */
    public boolean hasReply() {
        return hasReply;
    }

    /** The request, once: a call that waits for its answer or has expired does not keep it in memory. */
    MongoMessage takeRequest() {
        MongoMessage whole = request;
        request = NOTHING;
        return whole;
    }

    /**
     * The same, as this server gets it now.
     *
     * @throws CallException UNAVAILABLE when the server would have no time for it
     */
    MongoMessage takeRequest(HelloReply server) {
        MongoMessage whole = takeRequest();
        if (!completed || !(whole instanceof OpMsg command)) {
            return whole;
        }
        Buffer body = command.body();
        Long maxTimeMillis = leastRoundTripMillis != null && CommandDocument.takesMaxTime(body)
                ? maxTimeMillis(leastRoundTripMillis)
                : null;
        boolean readPreference = CommandDocument.lacksReadPreference(body, server);
        return maxTimeMillis == null && !readPreference
                ? command
                : new OpMsg(
                        command.flagBits(),
                        CommandDocument.sendable(body, maxTimeMillis, readPreference),
                        command.sequences());
    }

    private long maxTimeMillis(LongSupplier leastRoundTripMillis) {
        long roundTripMillis = leastRoundTripMillis.getAsLong();
        long left = patience().remainingMillis() - roundTripMillis;
        if (left < 1) {
            throw new CallException(
                    CallException.Reason.UNAVAILABLE,
                    "not sent by the deadline: a round trip takes all that is left (" + roundTripMillis + " ms)");
        }
        return left;
    }

    /** The request is written, and no reply follows. */
    void written() {
        answered(NOTHING);
    }

    /** A reply to it has come, of a kind that it may not have or of the right one. */
    void replied(MongoMessage reply, @Nullable Compressor with) {
        replyCompressor = with == null ? null : with.name();
        if (reply.opCode() == replyOpCode) {
            answered(reply);
        } else {
            failed(ProtocolException.decode(
                    "reply: opCode " + reply.opCode() + " (expected: " + replyOpCode + ", as it is asked)"));
        }
    }
}
