package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The format of a configuration file, by its extension. */
enum Format {
    JSON(List.of(".json")),
    YAML(List.of(".yaml", ".yml")),
    HOCON(List.of(".conf", ".hocon"));

    /** Nested objects and lists: no option needs a quarter of this depth, and readers are recursive. */
    static final int MAX_DEPTH = 32;

    private final List<String> endings;

    Format(List<String> endings) {
        this.endings = endings;
    }

    /** @return null when the extension is unknown */
    static @Nullable Format of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (Format format : values()) {
            if (format.endings.stream().anyMatch(name::endsWith)) {
                return format;
            }
        }
        return null;
    }

    /**
     * Reads a document. Needs no Vert.x: {@code check} starts none.
     *
     * @throws Lines.Malformed with a line if it is known, and without a part of the document
     * @throws FieldException of JSON, likewise, without a line
     */
    JsonObject read(String document) {
        if (this == JSON) {
            return object(new StrictJson(MAX_DEPTH).read(document));
        }
        // The parsers accept duplicate keys, and quote the document when they fail: so the lines are read first.
        lines(document);
        Object value = this == YAML ? Lines.yaml(document) : Lines.hocon(document);
        try {
            // Values that JSON does not have, as a date, become texts or fail.
            return value == null
                    ? new JsonObject()
                    : new JsonObject(object(json(value)).encode());
        } catch (EncodeException strange) {
            throw new Lines.Malformed(0, "malformed (expected: " + this + ")");
        }
    }

    /** The line of each field: {@code connectors[0].port} is 12. */
    Map<String, Integer> lines(String text) {
        return this == YAML ? Lines.ofYaml(text) : Lines.ofHocon(text, this == JSON);
    }

    private static @Nullable Object json(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, each) -> object.put(String.valueOf(key), json(each)));
            return object;
        } else if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(each -> array.add(json(each)));
            return array;
        }
        return value;
    }

    private static JsonObject object(@Nullable Object json) {
        if (json instanceof JsonObject object) {
            return object;
        }
        throw notAnObject();
    }

    private static Lines.Malformed notAnObject() {
        return new Lines.Malformed(0, "not an object (expected: an object)");
    }
}
