package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A frame of a client, checked. Addresses have 1 to 200 characters; no {@code toString} shows a body or a token. */
sealed interface BridgeFrame {

    /**
     * {@code auth}, answered by {@code auth} with the name of the client.
     *
     * @param token 1 to 4,096 characters
     */
    record Auth(String token) implements BridgeFrame {

        @Override
        public String toString() {
            return "Auth[]";
        }
    }

    /**
     * {@code send}: a request when it has a reply address, else a message without an answer, or itself an answer.
     *
     * @param address not a reserved one, unless it is a reply address from the bridge
     * @param replyAddress the client's name for the answer
     * @param body an object; in an answer any JSON value
     */
    record Send(
            String address,
            @Nullable String replyAddress,
            BridgeHeaders headers,
            @Nullable Object body) implements BridgeFrame {

        /** Whether it answers a request that the client serves. */
        boolean isAnswer() {
            return address.startsWith(Permissions.REPLY);
        }

        @Override
        public String toString() {
            return "Send[" + address + "]";
        }
    }

    /** {@code publish}: for all listeners. */
    record Publish(
            String address, BridgeHeaders headers, @Nullable JsonObject body) implements BridgeFrame {

        @Override
        public String toString() {
            return "Publish[" + address + "]";
        }
    }

    /** {@code register}. @param replyAddress for the confirmation; stock clients do not ask for it */
    record Register(String address, @Nullable String replyAddress) implements BridgeFrame {}

    /** {@code unregister}. @param replyAddress for the confirmation; stock clients do not ask for it */
    record Unregister(String address, @Nullable String replyAddress) implements BridgeFrame {}

    /**
     * {@code err}: the negative answer to a request that the client serves.
     *
     * @param address the reply address that came with the request
     * @param failureCode from the client, in the table of failures or not
     * @param message for people
     * @param debugInfo from the client, or empty
     */
    record Err(String address, int failureCode, String message, JsonObject debugInfo) implements BridgeFrame {

        @Override
        public String toString() {
            return "Err[" + address + ", " + failureCode + "]";
        }
    }

    /** {@code ping}, answered by {@code pong}. */
    record Ping() implements BridgeFrame {}

    /**
     * An incomplete frame; one event for each read while much of it waits.
     *
     * @param bytes the bytes of it that have arrived
     */
    record Unfinished(long bytes) implements BridgeFrame {}

    /**
     * A frame that is refused.
     *
     * @param address its destination, if that is legal
     * @param replyAddress the client's reply address, if that is legal
     * @param detail for people; contains no part of a body
     */
    record Bad(@Nullable String address, @Nullable String replyAddress, Refusal refusal, String detail)
            implements BridgeFrame {}
}
