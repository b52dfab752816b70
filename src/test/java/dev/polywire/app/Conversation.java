package dev.polywire.app;

import dev.polywire.bridge.BridgeClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests and their answers, as pages show them.
 *
 * <pre>
 *   polywire.amqp consume {"queue": "tasks"}
 *   -> {"address": "ROOM", "id": "ID", ..}
 *   ROOM next {"id": "ID", "batch": 1, "max": 1}
 *   -> NOT_FOUND
 * </pre>
 *
 * <p>A text in capitals is whatever was there first, and the same later; {@code ..} stands for further fields.
 */
final class Conversation {

    /** @param answer JSON, or the name of a failure; null: whatever comes that is no failure */
    record Turn(String address, String action, String arguments, String answer) {}

    private static final String PLACE = "[A-Z][A-Z0-9]*";
    private static final String FURTHER = "..";

    private final Map<String, String> known = new HashMap<>();

    private Conversation() {}

    /** @return empty: it is none */
    static List<Turn> read(List<String> lines) {
        List<Turn> turns = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            if (line.isBlank()) {
                continue;
            } else if (line.startsWith("-> ") && !turns.isEmpty()) {
                Turn asked = turns.remove(turns.size() - 1);
                turns.add(new Turn(asked.address(), asked.action(), asked.arguments(), line.substring(3)));
            } else if (words.length == 3 && words[2].startsWith("{")) {
                turns.add(new Turn(words[0], words[1], words[2], null));
            } else {
                return List.of();
            }
        }
        return turns;
    }

    /** Has it with a program. A handle belongs to its connection, so all is said on one. */
    static void with(int port, List<Turn> turns) {
        Conversation conversation = new Conversation();
        try (BridgeClient client = new BridgeClient(port)) {
            turns.forEach(turn -> conversation.say(client, turn));
        }
    }

    private void say(BridgeClient client, Turn turn) {
        JsonObject came = client.request(
                        filled(turn.address()), turn.action(), new JsonObject(filled(turn.arguments())))
                .read();
        String failure = came.getString("type").equals("err")
                ? came.getJsonObject("debugInfo").getString("name")
                : null;
        boolean right;
        if (turn.answer() == null) {
            right = failure == null;
        } else if (turn.answer().startsWith("{")) {
            JsonObject expected = new JsonObject(turn.answer().replace(", ..", ", \"..\": 0"));
            right = failure == null && matches(expected, came.getValue("body"));
        } else {
            right = turn.answer().equals(failure);
        }
        if (!right) {
            throw new AssertionError(turn + ": " + came.encode());
        }
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> place : known.entrySet()) {
            filled = filled.replaceAll("(?<![A-Z])" + place.getKey() + "(?![A-Z0-9])", place.getValue());
        }
        return filled;
    }

    private boolean matches(Object expected, Object came) {
        if (expected instanceof JsonObject object && came instanceof JsonObject other) {
            boolean further = object.containsKey(FURTHER);
            return (further || object.size() == other.size())
                    && object.fieldNames().stream()
                            .filter(name -> !name.equals(FURTHER))
                            .allMatch(name ->
                                    other.containsKey(name) && matches(object.getValue(name), other.getValue(name)));
        }
        if (expected instanceof JsonArray list && came instanceof JsonArray other) {
            boolean same = list.size() == other.size();
            for (int i = 0; same && i < list.size(); i++) {
                same = matches(list.getValue(i), other.getValue(i));
            }
            return same;
        }
        if (expected instanceof String text && text.matches(PLACE) && came instanceof String there) {
            return known.computeIfAbsent(text, first -> there).equals(there);
        }
        return expected == null ? came == null : expected.equals(came);
    }
}
