package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a request that allows exhaust. Each but the first answers the reply before it, not the request.
 *
 * <pre>
 *   request 7 -> reply 100 to 7, moreToCome -> reply 101 to 100, moreToCome -> reply 102 to 101
 * </pre>
 */
final class Exhaust {

    /** Null: no such request waits. */
    private @Nullable Integer requestId;

    private int expected;

    void sent(int request) {
        requestId = request;
        expected = request;
    }

    void requireNone() {
        if (requestId != null) {
            throw new IllegalStateException("request between the replies to " + requestId);
        }
    }

    /**
     * A reply has come.
     *
     * @return the request that it answers
     * @throws ProtocolException FRAMING when more are to come that nobody has allowed
     */
    int answered(MessageHeader header, OpMsg reply) {
        Integer waiting = requestId;
        if (waiting == null || header.responseTo() != expected) {
            if (reply.moreToCome()) {
                throw ProtocolException.framing("flagBits: moreToCome (expected: not, as exhaust was not allowed)");
            }
            return header.responseTo();
        }
        if (reply.moreToCome()) {
            expected = header.requestId();
        } else {
            requestId = null;
        }
        return waiting;
    }

    /** Nobody knows whether more come behind a reply that cannot be read, so that the connection itself fails. */
    void undecodable(MessageHeader header, ProtocolException bad) {
        if (requestId != null && header.responseTo() == expected) {
            throw ProtocolException.framing("exhaust: " + bad.getMessage());
        }
    }
}
