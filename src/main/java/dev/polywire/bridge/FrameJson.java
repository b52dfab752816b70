package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a client's frame. Stock clients write null for what they leave out, so null is absent everywhere;
 * a field that is not of the format is refused, because its writer expects something of it.
 */
final class FrameJson {

    /** As in the SockJS bridge; also the most that an address is compared with. */
    static final int MAX_ADDRESS_CHARACTERS = 200;

    private static final Set<String> FIELDS = Set.of("type", "address", "replyAddress", "headers", "body");
    private static final String EXPECTED_TYPE = " (expected: send or ping)";

    private FrameJson() {}

    /** Never fails: a frame that cannot be read is a {@link BridgeFrame.Bad}, which names its reply address if it can. */
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
            case "ping" -> {
                onlyKnownFields(json);
                yield new BridgeFrame.Ping();
            }
            case "publish", "register", "unregister" ->
                throw new RefusedException(Refusal.NOT_SUPPORTED, "type: " + type + " is not offered" + EXPECTED_TYPE);
            default -> throw new RefusedException(Refusal.UNKNOWN_TYPE, "type: unknown" + EXPECTED_TYPE);
        };
    }

    private static BridgeFrame send(JsonObject json) {
        String address = addressOrNull(json, "address");
        if (address == null) {
            throw misfit(Refusal.BAD_ADDRESS, "address");
        }
        if (Permissions.isReserved(address)) {
            throw new RefusedException(Refusal.ACCESS_DENIED, "address: one of the bus's own");
        }
        String replyAddress = addressOrNull(json, "replyAddress");
        if (replyAddress == null && json.getValue("replyAddress") != null) {
            throw misfit(Refusal.BAD_REPLY_ADDRESS, "replyAddress");
        }
        onlyKnownFields(json);
        BridgeHeaders headers = BridgeHeaders.read(json.getValue("headers"));
        Object body = json.getValue("body");
        if (body != null && !(body instanceof JsonObject)) {
            throw new RefusedException(Refusal.BAD_BODY, "body: not an object (expected: an object)");
        }
        return new BridgeFrame.Send(address, replyAddress, headers, (JsonObject) body);
    }

    private static @Nullable String addressOrNull(JsonObject json, String field) {
        return json.getValue(field) instanceof String text && !text.isEmpty() && text.length() <= MAX_ADDRESS_CHARACTERS
                ? text
                : null;
    }

    private static void onlyKnownFields(JsonObject json) {
        for (String name : json.fieldNames()) {
            if (!FIELDS.contains(name) && json.getValue(name) != null) {
                throw new RefusedException(
                        Refusal.UNKNOWN_FIELD,
                        "frame: a field that is not of the format"
                                + " (expected: type, address, replyAddress, headers, body)");
            }
        }
    }

    private static RefusedException misfit(Refusal refusal, String field) {
        return new RefusedException(
                refusal, field + ": not a string of 1 to " + MAX_ADDRESS_CHARACTERS + " characters");
    }
}
