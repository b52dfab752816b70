package dev.polywire.mongodb.service;

import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.RequestPurpose;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** Tells the answer to a message from a refusal. */
final class MessageAnswer {

    private MessageAnswer() {}

    /**
     * A refusal is {@code ok: 0}, {@code writeErrors} or a {@code writeConcernError} of a command, and the flag QueryFailure or
     * {@code $err} of an OP_REPLY. A cursor that was not found is an answer.
     *
     * @return {@code answer}, or throws REFUSED_BY_SERVER or TIMEOUT
     */
    static MongoMessage accepted(RequestPurpose asked, MongoMessage answer) {
        if (answer instanceof OpMsg reply) {
            MongoAnswer.accepted(reply.body());
        } else if (answer instanceof OpReply reply) {
            require(asked, reply);
        }
        return answer;
    }

    private static void require(RequestPurpose asked, OpReply reply) {
        Buffer only = reply.documents().size() == 1 ? reply.documents().get(0) : null;
        boolean failed = (reply.responseFlags() & OpReply.QUERY_FAILURE) != 0;
        // FerretDB says so without the flag.
        if (failed || only != null && BsonFields.has(only, "$err")) {
            throw MongoAnswer.refused(
                    only == null ? new JsonObject() : ExtendedJson.decodeChecked(only, false), asked.instead());
        }
        if (asked.isCommand() && only != null) {
            MongoAnswer.accepted(only, asked.instead());
        }
    }
}
