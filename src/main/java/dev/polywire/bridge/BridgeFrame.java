package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a client says, checked. */
sealed interface BridgeFrame {

    /**
     * {@code send}: a request when it has a reply address, else a message that nobody answers.
     *
     * @param address 1 to 200 characters, not one of the bus's own
     * @param replyAddress the client's name for the answer, 1 to 200 characters
     */
    record Send(
            String address,
            @Nullable String replyAddress,
            BridgeHeaders headers,
            @Nullable JsonObject body) implements BridgeFrame {

        @Override
        public String toString() {
            return "Send[" + address + "]";
        }
    }

    /** {@code ping}, which is answered by {@code pong}. */
    record Ping() implements BridgeFrame {}

    /**
     * A frame that is refused.
     *
     * @param address what it was sent to, if it has a legal one
     * @param replyAddress where its client waits, if it has a legal one
     * @param detail for people; no part of a body
     */
    record Bad(@Nullable String address, @Nullable String replyAddress, Refusal refusal, String detail)
            implements BridgeFrame {}
}
