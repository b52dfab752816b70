package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Single values from the environment, which override the files. The name is the path in capitals, with two underscores
 * between levels and one between the words of a name; lists count from 0.
 *
 * <pre>
 *   POLYWIRE__BRIDGE__PORT=7001                         bridge.port
 *   POLYWIRE__CONNECTORS__0__MAX_REQUESTS=32            connectors[0].maxRequests
 * </pre>
 *
 * {@code true} and {@code false} are booleans, any other value is a string; numbers may be given as strings.
 */
final class Overrides {

    static final String PREFIX = "POLYWIRE__";

    private static final String ALMOST_PREFIX = "POLYWIRE_";

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*|[0-9]{1,4}");
    private static final Pattern WORD = Pattern.compile("_([a-z0-9])");

    private Overrides() {}

    /**
     * Applies the overrides to {@code json}.
     *
     * @param complaints is given each name that matches no option: the variable, and the expectation
     * @return the variable of each path that was set
     */
    static Map<String, String> apply(
            JsonObject json, Map<String, String> environment, BiConsumer<String, String> complaints) {
        Map<String, String> set = new HashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (variable.startsWith(PREFIX)) {
                try {
                    set.put(put(json, variable, value), variable);
                } catch (FieldException nowhere) {
                    complaints.accept(variable, nowhere.getMessage());
                }
            }
        });
        return set;
    }

    /** Variables that are probably meant as one of these. @param known those that the configuration refers to */
    static Set<String> overlooked(Set<String> environment, Set<String> known) {
        Set<String> overlooked = new TreeSet<>(environment);
        overlooked.removeIf(variable ->
                !variable.startsWith(ALMOST_PREFIX) || variable.startsWith(PREFIX) || known.contains(variable));
        return overlooked;
    }

    private static String put(JsonObject json, String variable, String value) {
        Iterator<String> names = Arrays.asList(
                        variable.substring(PREFIX.length()).split("__", -1))
                .iterator();
        Object at = json;
        String path = "";
        while (true) {
            String name = names.next();
            if (!NAME.matcher(name).matches()) {
                throw new FieldException(
                        path.isEmpty() ? "name" : path,
                        "followed by what is no name (expected: NAMES__LIKE__THIS, or the number of an element)");
            }
            Object leaf = names.hasNext() ? null : typed(value);
            if (at instanceof JsonArray list) {
                int index = index(path, name, list);
                path += "[" + index + "]";
                at = leaf == null ? list.getValue(index) : list.set(index, leaf);
            } else if (at instanceof JsonObject object) {
                String key = camel(name);
                path = path.isEmpty() ? key : path + "." + key;
                at = leaf == null ? child(object, key) : object.put(key, leaf);
            } else {
                throw new FieldException(path, "has no parts (expected: an object or a list)");
            }
            if (leaf != null) {
                return path;
            }
        }
    }

    private static @Nullable Object child(JsonObject object, String key) {
        if (object.getValue(key) == null) {
            object.put(key, new JsonObject());
        }
        return object.getValue(key);
    }

    private static int index(String path, String name, JsonArray list) {
        int index = Character.isDigit(name.charAt(0)) ? Integer.parseInt(name) : -1;
        if (index < 0 || index >= list.size()) {
            throw new FieldException(
                    path, "has no element " + name + " (expected: 0 to " + (list.size() - 1) + ", as in the file)");
        }
        return index;
    }

    private static Object typed(String value) {
        return value.equals("true") || value.equals("false") ? Boolean.valueOf(value) : value;
    }

    private static String camel(String name) {
        return WORD.matcher(name.toLowerCase(Locale.ROOT))
                .replaceAll((MatchResult word) -> word.group(1).toUpperCase(Locale.ROOT));
    }
}
