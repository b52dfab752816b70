package dev.polywire.app;

import dev.polywire.core.json.FieldShape;
import dev.polywire.core.json.FieldShape.Kind;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The JSON Schema of a configuration, for editors: draft 7, which all of them know. It is made from what the readers ask for
 * ({@link ConfigurationShape}), so it has their names, types, ranges and defaults. What a reader compares beyond that, such as two
 * fields or the form of a text, only {@code check} finds.
 */
final class ConfigurationSchema {

    private static final int LINE_CHARACTERS = 120;

    private static final String CONNECTORS = "connectors";

    private ConfigurationSchema() {}

    /** The schema as text that ends with a line feed. */
    static String text() {
        StringBuilder text = new StringBuilder();
        write(json(), "", text);
        return text.append('\n').toString();
    }

    static JsonObject json() {
        JsonObject schema = new JsonObject()
                .put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", "Configuration of Polywire");
        ConfigurationShape top = ConfigurationShape.of(new JsonObject().put(CONNECTORS, new JsonArray()));
        schema.mergeIn(object(top, ""));
        JsonArray types = new JsonArray();
        JsonArray each = new JsonArray();
        JsonObject definitions = definitions();
        for (Protocol protocol : Protocol.values()) {
            JsonObject type = new JsonObject().put("const", protocol.type());
            types.add(protocol.type());
            each.add(new JsonObject()
                    .put("if", new JsonObject().put("properties", new JsonObject().put("type", type)))
                    .put("then", reference(protocol.type())));
            JsonObject connector = connector(protocol);
            connector.getJsonObject("properties").put("type", type);
            definitions.put(protocol.type(), connector);
        }
        schema.getJsonObject("properties")
                .getJsonObject(CONNECTORS)
                .put(
                        "items",
                        new JsonObject()
                                .put("type", "object")
                                .put("required", new JsonArray().add("type"))
                                .put("properties", new JsonObject().put("type", new JsonObject().put("enum", types)))
                                .put("allOf", each));
        return schema.put("definitions", definitions);
    }

    private static JsonObject connector(Protocol protocol) {
        JsonObject given = new JsonObject().put("type", protocol.type());
        ConfigurationShape shape = ConfigurationShape.of(new JsonObject().put(CONNECTORS, new JsonArray().add(given)));
        return object(shape, CONNECTORS + "[]");
    }

    private static JsonObject definitions() {
        JsonObject text = new JsonObject().put("type", "string");
        return new JsonObject()
                .put(
                        "secret",
                        new JsonObject()
                                .put("description", "in place of any text or number")
                                .put("type", "object")
                                .put("additionalProperties", false)
                                .put("minProperties", 1)
                                .put("maxProperties", 1)
                                .put(
                                        "properties",
                                        new JsonObject().put("env", text).put("file", text)))
                .put(
                        "digits",
                        anyOf(
                                new JsonObject().put("type", "string").put("pattern", "^-?[0-9]{1,19}$"),
                                reference("secret")));
    }

    private static JsonObject object(ConfigurationShape shape, String path) {
        JsonObject properties = new JsonObject();
        shape.fields(path).forEach((name, shapes) -> {
            String inner = path.isEmpty() ? name : path + "." + name;
            properties.put(name, field(shape, inner, shapes));
        });
        JsonObject object = new JsonObject().put("type", "object");
        if (shape.isClosed(path)) {
            object.put("additionalProperties", false);
            if (!shape.required(path).isEmpty()) {
                object.put("required", new JsonArray(List.copyOf(shape.required(path))));
            }
        }
        return properties.isEmpty() ? object : object.put("properties", properties);
    }

    private static JsonObject field(ConfigurationShape shape, String path, List<FieldShape> asked) {
        JsonArray forms = new JsonArray();
        for (Kind kind : Kind.values()) {
            List<FieldShape> same =
                    asked.stream().filter(each -> each.kind() == kind).toList();
            if (!same.isEmpty()) {
                forms(shape, path, kind, same).forEach(forms::add);
            }
        }
        JsonObject field = forms.size() == 1
                ? forms.getJsonObject(0)
                : forms.isEmpty() ? new JsonObject() : new JsonObject().put("anyOf", forms);
        asked.stream()
                .map(FieldShape::fallback)
                .filter(fallback -> fallback != null)
                .findFirst()
                .ifPresent(fallback -> field.put("default", fallback));
        return field;
    }

    private static Stream<JsonObject> forms(ConfigurationShape shape, String path, Kind kind, List<FieldShape> asked) {
        JsonObject secret = reference("secret");
        JsonObject text = new JsonObject().put("type", "string");
        JsonArray words = new JsonArray(asked.get(0).words());
        return switch (kind) {
            // Whoever asks whether a field is there reads it afterwards.
            case ANY -> Stream.of();
            case TEXT -> Stream.of(text, secret);
            case WORD -> Stream.of(new JsonObject().put("enum", words), secret);
            case FLAG -> Stream.of(new JsonObject().put("type", "boolean"));
            case INTEGER -> Stream.of(range(asked), reference("digits"));
            case OBJECT -> Stream.of(object(shape, path));
            case TEXTS ->
                Stream.concat(
                        words.stream().map(word -> new JsonObject().put("const", word)),
                        Stream.of(list(new JsonObject()
                                .put("anyOf", new JsonArray().add(text).add(secret)))));
            case OBJECTS -> Stream.of(list(object(shape, path + "[]")));
        };
    }

    /** One field may bound another: the widest range. */
    private static JsonObject range(List<FieldShape> asked) {
        long max = asked.stream().mapToLong(FieldShape::max).max().orElseThrow();
        JsonObject range = new JsonObject()
                .put("type", "integer")
                .put("minimum", asked.stream().mapToLong(FieldShape::min).min().orElseThrow());
        return max == Long.MAX_VALUE ? range : range.put("maximum", max);
    }

    private static JsonObject anyOf(JsonObject... forms) {
        return new JsonObject().put("anyOf", new JsonArray(List.of(forms)));
    }

    private static JsonObject list(JsonObject items) {
        return new JsonObject().put("type", "array").put("items", items);
    }

    private static JsonObject reference(String definition) {
        return new JsonObject().put("$ref", "#/definitions/" + definition);
    }

    /** What fits stands on one line: a field, mostly. */
    private static void write(Object value, String indent, StringBuilder text) {
        String line = Json.encode(value);
        if (indent.length() + line.length() <= LINE_CHARACTERS) {
            text.append(line);
        } else if (value instanceof JsonObject object) {
            Iterator<Map.Entry<String, Object>> fields = object.iterator();
            text.append('{');
            while (fields.hasNext()) {
                Map.Entry<String, Object> field = fields.next();
                text.append('\n')
                        .append(indent)
                        .append("  ")
                        .append(Json.encode(field.getKey()))
                        .append(": ");
                write(field.getValue(), indent + "  ", text);
                text.append(fields.hasNext() ? "," : "\n" + indent + "}");
            }
        } else if (value instanceof JsonArray list) {
            text.append('[');
            for (int i = 0; i < list.size(); i++) {
                text.append('\n').append(indent).append("  ");
                write(list.getValue(i), indent + "  ", text);
                text.append(i + 1 < list.size() ? "," : "\n" + indent + "]");
            }
        } else {
            text.append(line);
        }
    }
}
