package dev.polywire.mongodb.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.CommandKind;
import io.vertx.core.buffer.Buffer;

/**
 * One command. Its answer is the body of the reply, checked; {@code ok: 0} is an answer too. Fails with UNAVAILABLE,
 * CONNECTION_LOST, UNKNOWN_OUTCOME, TIMEOUT, SHUTTING_DOWN, LIMIT_EXCEEDED, BAD_REQUEST, or with a protocol violation.
 */
public final class MongoCall extends Call<Buffer> {

    private static final Buffer SENT = Buffer.buffer();

    private final Deadline patience;
    private Buffer command;

    /**
     * @param command a whole, checked document: name first, {@code $db} in it
     * @param reads it changes nothing, so a lost answer is a lost connection and no unknown outcome
     */
    public MongoCall(Buffer command, boolean reads, Deadline deadline) {
        super(!reads, deadline);
        this.patience = deadline;
        this.command = command;
    }

    /** A call that reads when its command does. */
    public MongoCall(Buffer command, Deadline deadline) {
        this(command, CommandKind.reads(command), deadline);
    }

    /** Its name, if a server may know it: callers can make up as many as they like. */
    @Override
    protected String operation() {
        return CommandKind.word(BsonFields.firstName(command));
    }

    /** How long it waits for a connection, too. */
    Deadline patience() {
        return patience;
    }

    /** The command, once: a call that waits for its answer, or whose caller has given up, does not hold it. */
    Buffer takeCommand() {
        Buffer whole = command;
        command = SENT;
        return whole;
    }
}
