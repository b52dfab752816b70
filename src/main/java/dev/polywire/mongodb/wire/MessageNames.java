package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/** Names of messages, for people: {@code OP_MSG find}, {@code OP_MSG reply to 7}. */
public final class MessageNames {

    /** No command's name is this long, but a caller can send any name. */
    private static final int MAX_CHARS = 64;

    private MessageNames() {}

    /** By the numbers of its header alone, so that an unreadable message has a name too. */
    static String reply(int opCode, int responseTo) {
        return opCode(opCode) + " reply to " + responseTo;
    }

    static String command(MongoMessage message) {
        if (message instanceof OpMsg command) {
            return "OP_MSG " + name(command.body());
        }
        if (message instanceof OpQuery query) {
            return "OP_QUERY " + name(query.query());
        }
        return opCode(message.opCode());
    }

    /** The specification's name of a kind of message. */
    public static String opCode(int opCode) {
        return switch (opCode) {
            case OpReply.OP_CODE -> "OP_REPLY";
            case OpUpdate.OP_CODE -> "OP_UPDATE";
            case OpInsert.OP_CODE -> "OP_INSERT";
            case OpQuery.OP_CODE -> "OP_QUERY";
            case OpGetMore.OP_CODE -> "OP_GET_MORE";
            case OpDelete.OP_CODE -> "OP_DELETE";
            case OpKillCursors.OP_CODE -> "OP_KILL_CURSORS";
            case OpCompressed.OP_CODE -> "OP_COMPRESSED";
            case OpMsg.OP_CODE -> "OP_MSG";
            default -> "opCode " + opCode;
        };
    }

    private static String name(Buffer command) {
        String name = BsonFields.firstName(command);
        return name.length() > MAX_CHARS ? name.substring(0, MAX_CHARS) : name;
    }
}
