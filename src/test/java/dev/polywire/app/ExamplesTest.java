package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bridge.BridgeOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code conf/} says is what the code knows: no key more, no key less, and each default is the default. */
class ExamplesTest {

    private static final Pattern KEY =
            Pattern.compile("^[ #-]*\\b([a-z][a-zA-Z]*):(?= |$)(?! (mvn|java) )", Pattern.MULTILINE);
    private static final Pattern KNOWN = Pattern.compile("unknown field \\(expected: one of \\[(.*)]\\)");
    private static final String NOBODY_KNOWS = "nobodyKnows";

    /** Required, or given so that the example does something. */
    private static final Set<String> NOT_DEFAULTS = Set.of("type", "port", "uri", "handler", "name", "address");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb.yaml",
                "amqp.yaml",
                "tutorial.json",
                "bolt.yaml",
                "bolt-server.yaml",
                "eventstore.yaml",
                "graph.json",
                "framed-client.yaml",
                "framed-server.yaml",
                "bridge.yaml",
                "cluster.yaml",
                "embedded.json"
            })
    void loads(String name) {
        Configuration example = Outcome.value(Configuration.read(vertx, Map.of(), conf(name)));
        assertEquals("[]", example.complaints() + "");
        assertEquals("[]", example.warnings() + "");
    }

    @Test
    void everyFileIsTried() throws IOException {
        try (var files = Files.list(conf("."))) {
            assertEquals(
                    Set.of(
                            "mongodb.yaml",
                            "amqp.yaml",
                            "tutorial.json",
                            "bolt.yaml",
                            "bolt-server.yaml",
                            "eventstore.yaml",
                            "graph.json",
                            "framed-client.yaml",
                            "framed-server.yaml",
                            "bridge.yaml",
                            "cluster.yaml",
                            "embedded.json",
                            "wirelog.properties"),
                    Set.copyOf(files.map(file -> file.getFileName().toString()).toList()));
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aConnectorsExampleHasEachKey(Protocol protocol) throws IOException {
        Set<String> known = known(protocol);
        assertTrue(known.containsAll(Set.of("type", "instances", "maxRequests", "trust")), known::toString);
        Set<String> said = said(protocol.type() + ".yaml");
        said.removeAll(Set.of("connectors", "scanMillis", "log", "level", "format"));
        assertEquals(known, said);
    }

    @Test
    void theBridgesExampleHasEachKey() throws IOException {
        Set<String> known = known(object -> new JsonObject().put("bridge", object), new JsonObject(), "bridge");
        assertTrue(known.containsAll(Set.of("port", "maxFrameBytes", "actions", "trust")), known::toString);
        Set<String> said = said("bridge.yaml");
        // A client without a name is not asked for more.
        said.removeAll(Set.of(
                "embedded", "type", "connectors", "codec", "bridge", "name", "token", "env", "memory", "maxBytes"));
        assertEquals(known, said);
    }

    @Test
    void theClustersExampleHasEachKey() throws IOException {
        Set<String> known = known(object -> new JsonObject().put("cluster", object), new JsonObject(), "cluster");
        assertTrue(known.containsAll(Set.of("host", "members", "trust")), known::toString);
        Set<String> said = said("cluster.yaml");
        said.removeAll(Set.of("type", "connectors", "codec", "cluster"));
        assertEquals(known, said);
    }

    @Test
    void theTopHasEachKeySomewhere() throws IOException {
        Set<String> top = named(new JsonObject().put(NOBODY_KNOWS, 1), NOBODY_KNOWS);
        Set<String> said = said("mongodb.yaml");
        said.add("$schema");
        said.addAll(said("bridge.yaml"));
        said.addAll(said("cluster.yaml"));
        assertTrue(said.containsAll(top), top::toString);
    }

    /** Without the line, all options are the same. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whatAnExampleSaysIsTheDefault(Protocol protocol) {
        Configuration example = Outcome.value(Configuration.read(vertx, Map.of(), conf(protocol.type() + ".yaml")));
        JsonObject all = example.shown();
        JsonObject connector = all.getJsonArray("connectors").getJsonObject(0);
        for (String key : connector.fieldNames()) {
            if (!NOT_DEFAULTS.contains(key)) {
                JsonObject less = connector.copy();
                less.remove(key);
                assertEquals(options(connector), options(less), key);
            }
        }
        assertEquals(
                2_000, new ProgramCheck(new JsonObject(), none -> {}).options().scanMillis());
    }

    /** A limit of bytes that {@link ByteLimits} does not know is not compared with the heap. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void eachLimitOfBytesIsComparedWithTheHeap(Protocol protocol) throws IOException {
        JsonObject example = Outcome.value(Configuration.read(vertx, Map.of(), conf(protocol.type() + ".yaml")))
                .shown()
                .getJsonArray("connectors")
                .getJsonObject(0);
        assertEquals(
                limits(said(protocol.type() + ".yaml")),
                ByteLimits.names(entry(example).settings().options()));
    }

    @Test
    void eachLimitOfBytesOfTheBridgeIsComparedWithTheHeap() throws IOException {
        Set<String> said = limits(said("bridge.yaml"));
        assertTrue(said.remove("maxBytes"), "that of memory");
        assertEquals(said, ByteLimits.names(BridgeOptions.fromJson(Fields.of(new JsonObject().put("port", 1)))));
    }

    private static Set<String> limits(Set<String> keys) {
        keys.removeIf(key -> !key.matches("max([A-Z][A-Za-z]*)?Bytes"));
        assertTrue(!keys.isEmpty());
        return keys;
    }

    private static String options(JsonObject connector) {
        ProgramOptions.ConnectorEntry entry = entry(connector);
        return entry.instances() + " " + entry.settings();
    }

    private static ProgramOptions.ConnectorEntry entry(JsonObject connector) {
        ProgramCheck check =
                new ProgramCheck(new JsonObject().put("connectors", new JsonArray().add(connector)), none -> {});
        return check.options().connectors().get(0);
    }

    /** The keys of a connector's entry. */
    static Set<String> known(Protocol protocol) {
        return known(
                object -> new JsonObject().put("connectors", new JsonArray().add(object.put("type", protocol.type()))),
                new JsonObject(),
                "connectors[0]");
    }

    /** The keys of an object and of all objects within, by trying: whoever is given a key he does not know says which he does. */
    private static Set<String> known(UnaryOperator<JsonObject> document, JsonObject object, String path) {
        Set<String> keys =
                new TreeSet<>(named(document.apply(object.copy().put(NOBODY_KNOWS, 1)), path + "." + NOBODY_KNOWS));
        for (String key : List.copyOf(keys)) {
            JsonObject inner = new JsonObject().put(NOBODY_KNOWS, 1);
            keys.addAll(named(document.apply(object.copy().put(key, inner)), path + "." + key + "." + NOBODY_KNOWS));
            keys.addAll(named(
                    document.apply(object.copy()
                            .put(
                                    key,
                                    new JsonArray()
                                            .add(inner.copy()
                                                    .put("address", "a")
                                                    .put("actions", "*")))),
                    path + "." + key + "[0]." + NOBODY_KNOWS));
        }
        return keys;
    }

    private static Set<String> named(JsonObject document, String path) {
        List<String> complaints = new ArrayList<>();
        new ProgramCheck(document, no -> {
            if (no.path().equals(path)) {
                complaints.add(no.complaint());
            }
        });
        Set<String> names = new TreeSet<>();
        for (String complaint : complaints) {
            Matcher listed = KNOWN.matcher(complaint);
            if (listed.matches()) {
                names.addAll(List.of(listed.group(1).split(", ")));
            }
        }
        return names;
    }

    private static Set<String> said(String name) throws IOException {
        Set<String> keys = new TreeSet<>();
        for (Matcher key = KEY.matcher(Files.readString(conf(name))); key.find(); ) {
            keys.add(key.group(1));
        }
        return keys;
    }

    private static Path conf(String name) {
        return Path.of(System.getProperty("polywire.basedir", "."), "conf", name);
    }
}
