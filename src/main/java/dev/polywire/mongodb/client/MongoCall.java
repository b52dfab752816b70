package dev.polywire.mongodb.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.CommandKind;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;

/**
 * One command. Its answer is the checked body of the reply; {@code ok: 0} is an answer too. Fails with UNAVAILABLE,
 * CONNECTION_LOST, UNKNOWN_OUTCOME, TIMEOUT, SHUTTING_DOWN, LIMIT_EXCEEDED, BAD_REQUEST, or with a protocol violation.
 */
public final class MongoCall extends Call<Buffer> {

    private static final Buffer SENT = Buffer.buffer();

    private Buffer command;

    /**
     * @param command a complete, checked document: name first, with {@code $db}
     * @param reads whether it changes nothing: a lost answer is then CONNECTION_LOST, not UNKNOWN_OUTCOME
     */
    public MongoCall(Buffer command, boolean reads, Deadline deadline) {
        super(!reads, deadline);
        this.command = command;
    }

    /** A call that reads if its command only reads. */
    public MongoCall(Buffer command, Deadline deadline) {
        this(command, CommandKind.reads(command), deadline);
    }

    /** The command's name if it is a known one, since callers can invent any number of names. */
    @Override
    protected String operation() {
        return CommandKind.word(BsonFields.firstName(command));
    }

    /** The deadline, which also bounds the wait for a connection. */
    Deadline patience() {
        return Objects.requireNonNull(deadline());
    }

    int commandBytes() {
        return command.length();
    }

    /** The command, once: a call that waits for its answer or has expired does not keep it in memory. */
    Buffer takeCommand() {
        Buffer whole = command;
        command = SENT;
        return whole;
    }
}
