package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FieldsTest {

    private static final String SECRET = "marked-secret";

    private enum Form {
        JSON,
        RAW_BYTES
    }

    /** document, how the field x is read, value */
    static Stream<Arguments> values() {
        return Stream.of(
                read("{'x':'a'}", f -> f.text("x"), "a"),
                read("{'x':''}", f -> f.text("x"), ""),
                read("{'x':'a'}", f -> f.text("x", "b"), "a"),
                read("{}", f -> f.text("x", "b"), "b"),
                read("{'x':null}", f -> f.text("x", "b"), "b"),
                read("{'x':null}", f -> f.textOrNull("x"), null),
                read("{'x':true}", f -> f.flag("x", false), true),
                read("{}", f -> f.flag("x", true), true),
                read("{'x':5}", f -> f.int32("x", 1, 9), 5),
                read("{'x':'5'}", f -> f.int32("x", 1, 9), 5),
                read("{}", f -> f.int32("x", 7, 1, 9), 7),
                read("{'x':-9223372036854775808}", f -> f.int64OrNull("x", Long.MIN_VALUE, 0), Long.MIN_VALUE),
                read("{'x':'9223372036854775807'}", f -> f.int64("x", 0, 0, Long.MAX_VALUE), Long.MAX_VALUE),
                read("{'x':'rawBytes'}", f -> f.oneOf("x", Form.class, Form.JSON), Form.RAW_BYTES),
                read("{}", f -> f.oneOf("x", Form.class, Form.JSON), Form.JSON),
                read("{'x':'b'}", f -> f.word("x", "a", List.of("a", "b")), "b"),
                read("{}", f -> f.word("x", "a", List.of("a", "b")), "a"),
                read("{'x':'b'}", f -> f.word("x", List.of("a", "b")), "b"),
                read("{'x':['a','b']}", f -> f.texts("x"), List.of("a", "b")),
                read("{'x':['a','b']}", f -> f.textsOr("x", "*"), List.of("a", "b")),
                read("{'x':'*'}", f -> f.textsOr("x", "*"), null),
                read("{}", f -> f.textsOr("x", "*"), List.of()),
                read("{'x':5}", f -> f.machineInt64("x", 7, 1, 9), 5L),
                read("{}", f -> f.machineInt64("x", 7, 1, 9), 7L),
                read("{}", f -> f.texts("x"), List.of()),
                read("{'x':{'y':1}}", f -> f.objectOrNull("x"), new JsonObject().put("y", 1)),
                read("{'x':{'y':1}}", f -> f.object("x").int32("y", 0, 9), 1),
                read("{'x':[{'y':1},{'y':2}]}", f -> f.objects("x").get(1).int32("y", 0, 9), 2),
                read("{'x':null}", f -> f.has("x"), false),
                read("{}", f -> f.has("x"), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void reads(String json, Function<Fields, Object> read, Object value) {
        Fields fields = fields(json);
        assertEquals(value, read.apply(fields));
        fields.done();
    }

    /** document, how the field x is read, the complaint */
    static Stream<Arguments> complaints() {
        return Stream.of(
                read("{}", f -> f.text("x"), "x: missing (expected: a string)"),
                read("{'x':null}", f -> f.text("x"), "x: missing (expected: a string)"),
                read("{'x':5}", f -> f.text("x"), "x: 5 (expected: a string)"),
                read("{'x':['" + SECRET + "']}", f -> f.text("x"), "x: an array (expected: a string)"),
                read("{'x':{}}", f -> f.textOrNull("x"), "x: an object (expected: a string)"),
                read("{'x':'true'}", f -> f.flag("x", true), "x: a string (expected: true or false)"),
                read("{'x':0}", f -> f.int32("x", 1, 9), "x: 0 (expected: 1 to 9)"),
                read("{'x':10}", f -> f.int32("x", 3, 1, 9), "x: 10 (expected: 1 to 9)"),
                read("{'x':4294967297}", f -> f.int32("x", 1, 9), "x: 4294967297 (expected: 1 to 9)"),
                read("{'x':1.5}", f -> f.int32("x", 1, 9), "x: 1.5 (expected: 1 to 9)"),
                read("{'x':true}", f -> f.int32("x", 1, 9), "x: true (expected: 1 to 9)"),
                read("{}", f -> f.int32("x", 1, 9), "x: missing (expected: 1 to 9)"),
                read("{'x':'" + SECRET + "'}", f -> f.int64("x", 1, 1, 9), "x: a string (expected: 1 to 9)"),
                read(
                        "{'x':1" + "0".repeat(500) + "}",
                        f -> f.int64("x", 1, 1, 9),
                        "x: a number of many digits (expected: 1 to 9)"),
                read(
                        "{'x':'" + SECRET + "'}",
                        f -> f.oneOf("x", Form.class, Form.JSON),
                        "x: unknown (expected: one of [json, rawBytes])"),
                read(
                        "{'x':'JSON'}",
                        f -> f.oneOf("x", Form.class, Form.JSON),
                        "x: unknown (expected: one of [json, rawBytes])"),
                read("{'x':'" + SECRET + "'}", f -> f.texts("x"), "x: a string (expected: a list of strings)"),
                read("{'x':['a',1]}", f -> f.texts("x"), "x[1]: 1 (expected: a list of strings)"),
                read("{'x':[null]}", f -> f.texts("x"), "x[0]: null (expected: a list of strings)"),
                read("{'x':['" + SECRET + "']}", f -> f.objects("x"), "x[0]: a string (expected: a list of objects)"),
                read("{'x':'" + SECRET + "'}", f -> f.object("x"), "x: a string (expected: an object)"),
                read("{'x':{}}", f -> f.object("x").text("y"), "x.y: missing (expected: a string)"),
                read(
                        "{'x':[{},{'y':{'z':5}}]}",
                        f -> f.objects("x").get(1).object("y").text("z"),
                        "x[1].y.z: 5 (expected: a string)"),
                read("{'y':'" + SECRET + "'}", FieldsTest::done, "y: unknown field"),
                read("{'x':{'y':1,'z':2}}", f -> done(f.object("x")), "x.y: unknown field"),
                read("{'x':[{'y':1}]}", f -> done(f.objects("x").get(0)), "x[0].y: unknown field"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("complaints")
    void complainsOfPathAndExpectation(String json, Function<Fields, Object> read, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read.apply(fields(json)));
        assertEquals(complaint, bad.getMessage());
        assertEquals(complaint.substring(0, complaint.indexOf(':')), bad.path());
        assertFalse(bad.getMessage().contains(SECRET));
    }

    @Test
    void aFieldThatIsThereMustBeReadEvenWhenItsPresenceWasAsked() {
        Fields fields = fields("{'x':1}");
        assertTrue(fields.has("x"));
        assertThrows(FieldException.class, fields::done);
        assertEquals(1, fields.int32("x", 0, 9));
        fields.done();
    }

    @Test
    void pathsOfAPartBeginWhereItStands() {
        Fields part = Fields.at("tls", new JsonObject().put("key", 1));
        assertEquals("tls", part.path());
        assertEquals("tls.key: no", part.complaint("key", "no").getMessage());
        assertNull(Fields.at("tls", null).textOrNull("key"));
    }

    @ParameterizedTest
    @CsvSource({"object,an object", "array,an array", "text,a string", "long,1", "flag,false", "nothing,null"})
    void kindsAreNamedForPeople(String which, String words) {
        JsonObject values =
                new JsonObject("{'object':{},'array':[],'text':'t','long':1,'flag':false}".replace('\'', '"'));
        assertEquals(words, Fields.kind(values.getValue(which)));
        assertEquals("something that is not JSON", Fields.kind(new Object()));
    }

    /** Which the machine decides is not told. */
    @Test
    void anObserverIsToldWhatIsAskedFor() {
        List<String> told = new ArrayList<>();
        FieldObserver observer = new FieldObserver() {

            @Override
            public void asked(String path, String name, FieldShape shape, boolean there) {
                told.add(path + "|" + name + " " + shape.kind() + (shape.isRequired() ? " required" : "")
                        + (shape.kind() == FieldShape.Kind.INTEGER ? " " + shape.min() + " to " + shape.max() : "")
                        + (shape.words().isEmpty() ? "" : " " + shape.words())
                        + (shape.fallback() == null ? "" : " else " + shape.fallback())
                        + (there ? " there" : ""));
            }

            @Override
            public void done(String path) {
                told.add(path + "|");
            }
        };
        Fields top = Fields.observed(new JsonObject("{\"list\":[{\"port\":5}]}"), none -> {}, observer);
        Fields inner = top.objects("list").get(0);
        inner.int32("port", 0, 9);
        inner.machineInt64("bytes", 5, 1, 7);
        inner.word("word", "a", List.of("a", "b"));
        inner.done();
        top.object("none").text("text");
        top.textsOr("actions", "*");
        top.done();
        assertEquals(
                List.of(
                        "|list OBJECTS there",
                        "list[0]|port INTEGER required 0 to 9 there",
                        "list[0]|bytes INTEGER 1 to " + Long.MAX_VALUE,
                        "list[0]|word WORD [a, b] else a",
                        "list[0]|",
                        "|none OBJECT",
                        "none|text TEXT required",
                        "|actions TEXTS required [*]",
                        "|"),
                told);
    }

    @Test
    void namesThatAStrangerChoseAreFitForALog() {
        String name = "a\r\nERROR forged\u0007" + "x".repeat(5_000);
        FieldException bad = assertThrows(FieldException.class, () -> done(Fields.of(new JsonObject().put(name, 1))));
        assertTrue(bad.getMessage().startsWith("a??ERROR forged?xxx"), bad.getMessage());
        assertTrue(bad.getMessage().length() < 150, bad.getMessage());
    }

    private static Object done(Fields fields) {
        fields.done();
        return "done";
    }

    private static Fields fields(String json) {
        return Fields.of(
                (JsonObject) new StrictJson(10).read(io.vertx.core.buffer.Buffer.buffer(json.replace('\'', '"'))));
    }

    private static Arguments read(String json, Function<Fields, Object> read, Object outcome) {
        return Arguments.of(json, read, outcome);
    }
}
