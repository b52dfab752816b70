package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a client's frame. Stock clients write null for absent fields, so null is absent everywhere;
 * an unknown field is refused, because the client expects an effect of it.
 */
final class FrameJson {

    /** As in the SockJS bridge; also the longest address that is compared. */
    static final int MAX_ADDRESS_CHARACTERS = 200;

    private static final Set<String> PING = Set.of("type", "address", "replyAddress", "headers", "body");
    private static final Set<String> SEND = Set.of("type", "address", "replyAddress", "headers", "body");
    private static final Set<String> PUBLISH = Set.of("type", "address", "headers", "body");
    private static final Set<String> REGISTER = Set.of("type", "address", "replyAddress", "headers");
    private static final Set<String> AUTH = Set.of("type", "token");
    private static final Set<String> ERR = Set.of("type", "address", "failureCode", "message", "debugInfo");
    /** A stock client fails a request with these fields: an answer with a code. */
    private static final Set<String> FAILED_SEND =
            Set.of("type", "address", "headers", "body", "failureCode", "message", "debugInfo");

    private static final String EXPECTED_TYPE = " (expected: send, publish, register, unregister, ping, auth or err)";

    private FrameJson() {}

    /** Never fails: an unreadable frame is a {@link BridgeFrame.Bad}, with its reply address if that is readable. */
    static BridgeFrame read(JsonObject json) {
        try {
            return typed(json);
        } catch (RefusedException no) {
            return new BridgeFrame.Bad(
                    addressOrNull(json, "address"), addressOrNull(json, "replyAddress"), no.refusal(), no.detail());
        }
    }

    private static BridgeFrame typed(JsonObject json) {
        if (!(json.getValue("type") instanceof String type)) {
            throw new RefusedException(Refusal.UNKNOWN_TYPE, "type: not a string" + EXPECTED_TYPE);
        }
        return switch (type) {
            case "send" -> send(json);
            case "publish" -> {
                String address = openAddress(json);
                yield new BridgeFrame.Publish(address, headers(json, PUBLISH), object(json));
            }
            case "register" -> {
                String address = openAddress(json);
                headers(json, REGISTER);
                yield new BridgeFrame.Register(address, replyAddress(json));
            }
            case "unregister" -> {
                String address = openAddress(json);
                headers(json, REGISTER);
                yield new BridgeFrame.Unregister(address, replyAddress(json));
            }
            case "ping" -> {
                onlyFields(json, PING);
                yield new BridgeFrame.Ping();
            }
            case "auth" -> auth(json);
            case "err" -> err(json, ERR);
            default -> throw new RefusedException(Refusal.UNKNOWN_TYPE, "type: unknown" + EXPECTED_TYPE);
        };
    }

    private static BridgeFrame send(JsonObject json) {
        String address = address(json);
        boolean answer = address.startsWith(Permissions.REPLY);
        if (answer && json.getValue("failureCode") != null) {
            return err(json, FAILED_SEND);
        }
        if (!answer) {
            refuseReserved(address);
        }
        String replyAddress = replyAddress(json);
        if (answer && replyAddress != null) {
            throw new RefusedException(
                    Refusal.BAD_REPLY_ADDRESS, "replyAddress: there (expected: none, nobody answers an answer)");
        }
        BridgeHeaders headers = headers(json, SEND);
        return new BridgeFrame.Send(address, replyAddress, headers, answer ? json.getValue("body") : object(json));
    }

    private static BridgeFrame.Auth auth(JsonObject json) {
        onlyFields(json, AUTH);
        if (!(json.getValue("token") instanceof String token)
                || token.isEmpty()
                || token.length() > ClientOptions.MAX_TOKEN_CHARACTERS) {
            throw new RefusedException(
                    Refusal.BAD_TOKEN,
                    "token: not a string of 1 to " + ClientOptions.MAX_TOKEN_CHARACTERS + " characters");
        }
        return new BridgeFrame.Auth(token);
    }

    private static BridgeFrame.Err err(JsonObject json, Set<String> fields) {
        String address = address(json);
        onlyFields(json, fields);
        Object message = json.getValue("message");
        Object debugInfo = json.getValue("debugInfo");
        if (!(json.getValue("failureCode") instanceof Integer failureCode)
                || !(message == null || message instanceof String)
                || !(debugInfo == null || debugInfo instanceof JsonObject)) {
            throw new RefusedException(
                    Refusal.BAD_BODY,
                    "err: a field is not of its type (expected: failureCode an integer, message a string,"
                            + " debugInfo an object)");
        }
        return new BridgeFrame.Err(
                address,
                failureCode,
                message == null ? "" : (String) message,
                debugInfo == null ? new JsonObject() : (JsonObject) debugInfo);
    }

    private static String address(JsonObject json) {
        String address = addressOrNull(json, "address");
        if (address == null) {
            throw misfit(Refusal.BAD_ADDRESS, "address");
        }
        return address;
    }

    private static String openAddress(JsonObject json) {
        String address = address(json);
        refuseReserved(address);
        return address;
    }

    private static void refuseReserved(String address) {
        if (Permissions.isReserved(address)) {
            throw new RefusedException(Refusal.ACCESS_DENIED, "address: reserved");
        }
    }

    private static @Nullable String replyAddress(JsonObject json) {
        String replyAddress = addressOrNull(json, "replyAddress");
        if (replyAddress == null && json.getValue("replyAddress") != null) {
            throw misfit(Refusal.BAD_REPLY_ADDRESS, "replyAddress");
        }
        return replyAddress;
    }

    private static BridgeHeaders headers(JsonObject json, Set<String> fields) {
        onlyFields(json, fields);
        return BridgeHeaders.read(json.getValue("headers"));
    }

    private static @Nullable JsonObject object(JsonObject json) {
        Object body = json.getValue("body");
        if (body != null && !(body instanceof JsonObject)) {
            throw new RefusedException(Refusal.BAD_BODY, "body: not an object (expected: an object)");
        }
        return (JsonObject) body;
    }

    private static @Nullable String addressOrNull(JsonObject json, String field) {
        return json.getValue(field) instanceof String text && !text.isEmpty() && text.length() <= MAX_ADDRESS_CHARACTERS
                ? text
                : null;
    }

    private static void onlyFields(JsonObject json, Set<String> known) {
        for (String name : json.fieldNames()) {
            if (!known.contains(name) && json.getValue(name) != null) {
                throw new RefusedException(
                        Refusal.UNKNOWN_FIELD, "frame: a field that is not of the format (expected: " + known + ")");
            }
        }
    }

    private static RefusedException misfit(Refusal refusal, String field) {
        return new RefusedException(
                refusal, field + ": not a string of 1 to " + MAX_ADDRESS_CHARACTERS + " characters");
    }
}
