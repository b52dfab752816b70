package dev.polywire.mongodb.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.mongodb.wire.MessageNames;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.RequestPurpose;
import org.jspecify.annotations.Nullable;

/**
 * The last legacy operation that a server has not gone past: one that does not know it closes the connection, and then the
 * failures of all calls name it.
 */
final class LegacyOperation {

    private int requestId;
    private @Nullable String hint;

    void sent(int id, MongoMessage request) {
        if (!(request instanceof OpMsg)) {
            requestId = id;
            hint = ", perhaps because of " + MessageNames.opCode(request.opCode()) + " ("
                    + RequestPurpose.of(request).instead() + ")";
        }
    }

    /** A server executes in order: what was sent before is done. */
    void answered(int id) {
        if (id - requestId >= 0) {
            hint = null;
        }
    }

    /** @param cause of an end by the peer @return the same, or the same loss with the operation's name */
    RuntimeException explained(RuntimeException cause) {
        if (hint == null || Call.isViolation(cause)) {
            return cause;
        }
        boolean lost = !(cause instanceof CallException ours) || ours.hadNoEffect();
        return lost ? CallException.lost(cause.getMessage() + hint, cause) : cause;
    }
}
