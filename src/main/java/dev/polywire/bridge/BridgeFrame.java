package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a client says, checked. Addresses have 1 to 200 characters; no {@code toString} shows a body or a token. */
sealed interface BridgeFrame {

    /**
     * {@code auth}, which is answered by {@code auth} with the name of the client.
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
     * {@code send}: a request when it has a reply address, else a message that nobody answers, or itself an answer.
     *
     * @param address not a reserved one, unless it is a reply address that the bridge gave
     * @param replyAddress the client's name for the answer
     * @param body an object; of an answer anything that JSON can say
     */
    record Send(
            String address,
            @Nullable String replyAddress,
            BridgeHeaders headers,
            @Nullable Object body) implements BridgeFrame {

        /** Whether it answers a request that the client was given. */
        boolean isAnswer() {
            return address.startsWith(Permissions.REPLY);
        }

        @Override
        public String toString() {
            return "Send[" + address + "]";
        }
    }

    /** {@code publish}: for all who listen. */
    record Publish(
            String address, BridgeHeaders headers, @Nullable JsonObject body) implements BridgeFrame {

        @Override
        public String toString() {
            return "Publish[" + address + "]";
        }
    }

    /** {@code register}. @param replyAddress where to say that it is done; stock clients do not ask */
    record Register(String address, @Nullable String replyAddress) implements BridgeFrame {}

    /** {@code unregister}. @param replyAddress where to say that it is done; stock clients do not ask */
    record Unregister(String address, @Nullable String replyAddress) implements BridgeFrame {}

    /**
     * {@code err}: the negative answer to a request that the client was given.
     *
     * @param address the reply address that came with the request
     * @param failureCode as the client says, of our table or not
     * @param message for people
     * @param debugInfo as the client says, or empty
     */
    record Err(String address, int failureCode, String message, JsonObject debugInfo) implements BridgeFrame {

        @Override
        public String toString() {
            return "Err[" + address + ", " + failureCode + "]";
        }
    }

    /** {@code ping}, which is answered by {@code pong}. */
    record Ping() implements BridgeFrame {}

    /**
     * A frame that has begun and is not complete; said once for each read while much of it waits.
     *
     * @param bytes of it that are here
     */
    record Unfinished(int bytes) implements BridgeFrame {}

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
