package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a request of any kind asks for. A legacy operation counts as the command that replaced it: OP_INSERT as insert,
 * OP_QUERY of a collection as find, OP_KILL_CURSORS as killCursors.
 *
 * @param database null: the message has none, as each OP_KILL_CURSORS
 * @param command its name; of a command in an OP_QUERY, that inside all wrappers
 * @param isCommand whether the answer is that of a command, with {@code ok}
 * @param reads whether it changes nothing, so that losing its answer loses nothing; a getMore moves its cursor
 * @param legacy whether MongoDB 5.1 has removed this kind of message
 */
public record RequestPurpose(
        @Nullable String database, String command, boolean isCommand, boolean reads, boolean legacy) {

    /** The wire version of MongoDB 5.1. */
    private static final int WITHOUT_LEGACY = 14;

    /** @param request its documents have passed {@link BsonBounds#check}; neither compressed nor a reply */
    public static RequestPurpose of(MongoMessage request) {
        if (request instanceof OpMsg command) {
            String database = BsonFields.text(command.body(), CommandDocument.DATABASE);
            return new RequestPurpose(
                    database.isEmpty() ? null : database,
                    BsonFields.firstName(command.body()),
                    true,
                    CommandKind.reads(command.body()),
                    false);
        } else if (request instanceof OpQuery query) {
            return ofQuery(query);
        } else if (request instanceof OpGetMore more) {
            // A cursor may outlive its connection up to MongoDB 5.0: asked again, it would skip the batch that was
            // lost.
            return legacy(more.fullCollectionName(), "getMore", false, false);
        } else if (request instanceof OpInsert insert) {
            return legacy(insert.fullCollectionName(), "insert", false, false);
        } else if (request instanceof OpUpdate update) {
            return legacy(update.fullCollectionName(), "update", false, false);
        } else if (request instanceof OpDelete delete) {
            return legacy(delete.fullCollectionName(), "delete", false, false);
        } else if (request instanceof OpKillCursors) {
            return new RequestPurpose(null, "killCursors", false, false, true);
        }
        throw new IllegalArgumentException("opCode " + request.opCode() + " (expected: a request, not compressed)");
    }

    /**
     * A server that does not have an operation without a reply closes the connection, which is also that of others.
     *
     * @throws ProtocolException DECODE for such an operation
     */
    static void requireKnown(MongoMessage request, HelloReply server) {
        if (server.maxWireVersion() >= WITHOUT_LEGACY && !request.hasReply() && !(request instanceof OpMsg)) {
            throw ProtocolException.decode(MessageNames.opCode(request.opCode()) + ": removed in MongoDB 5.1 ("
                    + of(request).instead() + ")");
        }
    }

    private static RequestPurpose ofQuery(OpQuery query) {
        String namespace = query.fullCollectionName();
        if (query.isCommand()) {
            Buffer command = QueryWrapper.command(query.query());
            return legacy(namespace, BsonFields.firstName(command), true, CommandKind.reads(command));
        }
        // Before MongoDB 3.2 some commands were queries of such collections: $cmd.sys.killop.
        int special = namespace.indexOf(".$cmd.");
        return special < 0
                ? legacy(namespace, "find", false, true)
                : legacy(namespace, namespace.substring(special + 1), false, false);
    }

    private static RequestPurpose legacy(String namespace, String command, boolean isCommand, boolean reads) {
        int dot = namespace.indexOf('.');
        return new RequestPurpose(dot < 0 ? namespace : namespace.substring(0, dot), command, isCommand, reads, true);
    }

    /** What to use instead of a legacy operation, for people; null: it is none. */
    public @Nullable String instead() {
        String known = CommandKind.word(command);
        return legacy ? "use command" + (known.equals(command) ? " with " + known : "") : null;
    }
}
