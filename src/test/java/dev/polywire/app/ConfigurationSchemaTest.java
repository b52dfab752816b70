package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema takes what {@code check} takes, and finds each mistake of form that {@code check} finds. */
class ConfigurationSchemaTest {

    private static final JsonObject SCHEMA = ConfigurationSchema.json();

    private static final Validator VALIDATOR = Validator.create(
            JsonSchema.of(SCHEMA.copy()),
            new JsonSchemaOptions()
                    .setDraft(Draft.DRAFT7)
                    .setBaseUri("app://polywire")
                    .setOutputFormat(OutputFormat.Flag));

    private int tried;

    @Test
    void isTheCommittedOne() throws IOException {
        assertEquals(
                Files.readString(
                        Path.of(System.getProperty("polywire.basedir", "."), "docs/configuration.schema.json")),
                ConfigurationSchema.text(),
                "write it anew: java -jar target/polywire.jar schema > docs/configuration.schema.json");
    }

    static Stream<Path> examples() throws IOException {
        return Files.list(Path.of(System.getProperty("polywire.basedir", "."), "conf"))
                .filter(file -> !file.toString().endsWith(".properties"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void takesEachExample(Path example) {
        JsonObject json = ConfigurationFile.read(example).json();
        assertTrue(isTaken(json), json::encodePrettily);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$schema': '../docs/configuration.schema.json', 'scanMillis': 0}",
                "{'connectors': [{'type': 'mongodb', 'port': '27017', 'applicationName': {'env': 'NAME'}}]}",
                "{'connectors': [{'type': 'bolt', 'auth': {'scheme': 'bearer', 'token': {'file': 'token'}}}]}",
                "{'connectors': [{'type': 'bolt', 'user': 'neo4j', 'password': {'file': 'password'}}]}",
                "{'connectors': [{'type': 'amqp', 'topology': {'bindings': [{'destination': 'a', 'source': 'b'}]}}]}",
                "{'bridge': {'port': 1, 'clients': [{'name': 'a', 'certificate': 'a', 'listen': [{'env': 'A'}]}]}}",
                "{'memory': {'maxBytes': 1099511627776}}",
            })
    void takesOtherForms(String document) {
        JsonObject json = new JsonObject(document.replace('\'', '"'));
        assertTrue(isTaken(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'conectors': []}",
                "{'connectors': {}}",
                "{'connectors': [{'port': 1}]}",
                "{'connectors': [{'type': 'mongo', 'port': 1}]}",
                "{'connectors': [{'type': 'framed-client'}]}",
                "{'connectors': [{'type': 'mongodb', 'port': 70000}]}",
                "{'connectors': [{'type': 'mongodb', 'port': '27o17'}]}",
                "{'connectors': [{'type': 'mongodb', 'port': 1, 'prefetchCount': 5}]}",
                "{'connectors': [{'type': 'mongodb', 'port': 1, 'tls': true}]}",
                "{'connectors': [{'type': 'amqp', 'uri': 5}]}",
                "{'connectors': [{'type': 'bolt', 'auth': {'scheme': 'magic'}}]}",
                "{'connectors': [{'type': 'framed-server', 'port': 1, 'instances': 2}]}",
                "{'bridge': {'port': 1, 'call': [{'address': 'a'}]}}",
                "{'cluster': {'tls': {'trust': 'a', 'key': 'b'}}}",
                "{'embedded': [{'type': 'mongodb', 'port': 0}]}",
                "{'log': {'level': 'loud'}}",
                "{'memory': {'maxBytes': 5}}",
            })
    void refusesWhatCheckRefuses(String document) {
        requireRefused("", new JsonObject(document.replace('\'', '"')));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void hasEachOptionOfAConnector(Protocol protocol) {
        JsonObject schema = SCHEMA.getJsonObject("definitions").getJsonObject(protocol.type());
        List<String> names = new ArrayList<>();
        names(schema, names);
        assertTrue(names.containsAll(ExamplesTest.known(protocol)), names::toString);
    }

    /** Each field of each object, with each kind of mistake. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void refusesEachMistakeInAConnector(Protocol protocol) {
        JsonObject schema = SCHEMA.getJsonObject("definitions").getJsonObject(protocol.type());
        JsonObject connector = (JsonObject) sample(schema);
        JsonObject document = new JsonObject().put("connectors", new JsonArray().add(connector));
        mistakes(schema, connector, "connectors[0]", document);
        assertTrue(tried >= 100, () -> tried + " mistakes");
    }

    @Test
    void refusesEachMistakeElsewhere() {
        JsonObject schema = SCHEMA.copy();
        schema.getJsonObject("properties").remove("connectors");
        JsonObject document = new JsonObject();
        mistakes(schema, document, "", document);
        assertTrue(tried >= 100, () -> tried + " mistakes");
    }

    private void mistakes(JsonObject schema, JsonObject object, String path, JsonObject document) {
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        if (Boolean.FALSE.equals(schema.getValue("additionalProperties"))) {
            with(object, "nobodyKnows", 1, () -> requireRefused(path, document));
        }
        for (Object name : schema.getJsonArray("required", new JsonArray())) {
            with(object, (String) name, null, () -> requireRefused(path, document));
        }
        for (String name : properties.fieldNames()) {
            JsonObject field = properties.getJsonObject(name);
            String inner = path.isEmpty() ? name : path + "." + name;
            for (Object wrong : wrong(field)) {
                with(object, name, wrong, () -> requireRefused(inner, document));
            }
            within(field, (nested, value) -> {
                boolean listed = "array".equals(field.getString("type"));
                with(
                        object,
                        name,
                        listed ? new JsonArray().add(value) : value,
                        () -> mistakes(nested, value, listed ? inner + "[0]" : inner, document));
            });
        }
    }

    /** The object of a field, or of its elements, if it has one. */
    private static void within(JsonObject field, BiConsumer<JsonObject, JsonObject> step) {
        JsonObject inner = field.getJsonObject("items", field);
        if ("object".equals(inner.getString("type"))) {
            JsonObject value = (JsonObject) sample(inner);
            if (inner.getJsonObject("properties", new JsonObject())
                    .fieldNames()
                    .containsAll(List.of("token", "call"))) {
                // What the schema does not say: a client has one of both.
                value.put("token", "0123456789abcdef");
            }
            step.accept(inner, value);
        }
    }

    /** Values of another type, or out of range. */
    private static List<Object> wrong(JsonObject field) {
        List<Object> wrong = new ArrayList<>();
        JsonArray forms = field.getJsonArray("anyOf", new JsonArray().add(field));
        boolean anyText = forms.stream().anyMatch(new JsonObject().put("type", "string")::equals);
        for (Object each : forms) {
            JsonObject form = (JsonObject) each;
            if (form.containsKey("enum") || form.containsKey("const")) {
                wrong.add("nobodyKnows");
            }
            if (form.containsKey("minimum")) {
                wrong.add(form.getLong("minimum") - 1);
                if (!anyText) {
                    wrong.add("x");
                }
            }
            if (form.containsKey("maximum")) {
                wrong.add(form.getLong("maximum") + 1);
            }
            if (form.containsKey("items")) {
                wrong.add(new JsonArray().add(5));
            }
            if (!"boolean".equals(form.getString("type"))) {
                wrong.add(true);
            } else {
                wrong.add("true");
            }
        }
        if (!field.containsKey("items")) {
            wrong.add(new JsonArray().add(true));
        }
        return wrong;
    }

    private static Object sample(JsonObject schema) {
        JsonObject first =
                schema.getJsonArray("anyOf", new JsonArray().add(schema)).getJsonObject(0);
        if (first.containsKey("const")) {
            return first.getValue("const");
        } else if (first.containsKey("enum")) {
            return first.getJsonArray("enum").getValue(0);
        }
        return switch (first.getString("type")) {
            case "integer" -> Math.max(1, first.getLong("minimum"));
            case "boolean" -> false;
            case "array" -> new JsonArray();
            case "object" -> {
                JsonObject object = new JsonObject();
                first.getJsonArray("required", new JsonArray())
                        .forEach(name -> object.put(
                                (String) name,
                                sample(first.getJsonObject("properties").getJsonObject((String) name))));
                yield object;
            }
            default -> "a";
        };
    }

    /** Runs a step while the field has another value. @param value null: it is missing */
    private static void with(JsonObject object, String name, Object value, Runnable step) {
        Object before = object.getValue(name);
        put(object, name, value);
        step.run();
        put(object, name, before);
    }

    private static void put(JsonObject object, String name, Object value) {
        if (value == null) {
            object.remove(name);
        } else {
            object.put(name, value);
        }
    }

    /** @param path of the mistake, or of what it is in */
    private void requireRefused(String path, JsonObject document) {
        tried++;
        List<FieldException> complaints = new ArrayList<>();
        new ProgramCheck(document.copy(), complaints::add);
        assertTrue(
                complaints.stream().anyMatch(each -> each.path().startsWith(path)),
                () -> document.encode() + ": check says of " + path + " only " + complaints);
        assertFalse(isTaken(document), () -> document.encode() + ": the schema takes it, check says " + complaints);
    }

    private static boolean isTaken(JsonObject document) {
        return VALIDATOR.validate(document).getValid();
    }

    private static void names(JsonObject schema, List<String> names) {
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        for (String name : properties.fieldNames()) {
            names.add(name);
            JsonObject field = properties.getJsonObject(name);
            names(field.getJsonObject("items", field), names);
        }
    }
}
