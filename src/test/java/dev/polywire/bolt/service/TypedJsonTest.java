package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.GraphValue.Node;
import dev.polywire.bolt.wire.GraphValue.Path;
import dev.polywire.bolt.wire.GraphValue.Relationship;
import dev.polywire.bolt.wire.GraphValue.UnboundRelationship;
import dev.polywire.bolt.wire.Point;
import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.UnsupportedType;
import dev.polywire.bolt.wire.Vector;
import dev.polywire.core.json.FieldException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedJsonTest {

    static Stream<Arguments> bothWays() {
        return Stream.of(
                row(null, "null"),
                row(true, "true"),
                row("häß", "'häß'"),
                row(7L, "7"),
                row(9007199254740992L, "9007199254740992"),
                row(9007199254740993L, "{'$type':'Integer','_value':'9007199254740993'}"),
                row(Long.MIN_VALUE, "{'$type':'Integer','_value':'-9223372036854775808'}"),
                row(7.0, "7.0"),
                row(Double.NaN, "{'$type':'Float','_value':'NaN'}"),
                row(Double.NEGATIVE_INFINITY, "{'$type':'Float','_value':'-Infinity'}"),
                row(Buffer.buffer(new byte[] {-1, 0}), "{'$type':'Base64','_value':'/wA='}"),
                row(Arrays.asList(1L, null, List.of()), "[1,null,[]]"),
                row(Map.of("a", Map.of("b", 1L)), "{'a':{'b':1}}"),
                row(Map.of("$type", "Date"), "{'$type':'Map','_value':{'$type':'Date'}}"),
                row(Map.of("_value", 1L), "{'_value':1}"),
                row(TemporalValue.Date.of(LocalDate.of(2026, 11, 21)), "{'$type':'Date','_value':'2026-11-21'}"),
                row(new TemporalValue.Date(-5_000_000), "{'$type':'Date','_value':'-11720-06-19'}"),
                row(new TemporalValue.Time(1, 3_600), "{'$type':'Time','_value':'00:00:00.000000001+01:00'}"),
                row(new TemporalValue.LocalTime(0), "{'$type':'LocalTime','_value':'00:00'}"),
                row(
                        new TemporalValue.LocalDateTime(-1, 5),
                        "{'$type':'LocalDateTime','_value':'1969-12-31T23:59:59.000000005'}"),
                row(
                        TemporalValue.DateTime.of(OffsetDateTime.parse("2026-11-21T08:00:00.5-02:30")),
                        "{'$type':'OffsetDateTime','_value':'2026-11-21T08:00:00.500-02:30'}"),
                row(
                        TemporalValue.DateTimeZoneId.of(ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Paris]")),
                        "{'$type':'ZonedDateTime','_value':'2026-10-25T02:30+01:00[Europe/Paris]'}"),
                row(
                        new TemporalValue.DateTimeZoneId(0, 0, "Mars/Olympus"),
                        "{'$type':'ZonedDateTime','_value':'1970-01-01T00:00Z[Mars/Olympus]'}"),
                row(
                        new TemporalValue.LegacyDateTimeZoneId(0, 0, "Mars/Olympus"),
                        "{'$type':'ZonedDateTime','_value':'1970-01-01T00:00[Mars/Olympus]'}"),
                row(new TemporalValue.Duration(0, 0, 0, 0), "{'$type':'Duration','_value':'PT0S'}"),
                row(
                        new TemporalValue.Duration(14, 3, 14_706, 700_000_000),
                        "{'$type':'Duration','_value':'P1Y2M3DT4H5M6.7S'}"),
                row(new TemporalValue.Duration(-1, 0, -1, 500_000_000), "{'$type':'Duration','_value':'P-1MT-0.5S'}"),
                row(new TemporalValue.Duration(0, 14, 58_320, 0), "{'$type':'Duration','_value':'P14DT16H12M'}"),
                row(new Point.Point2D(4326, 12.3, -45.6), "{'$type':'Point','_value':'SRID=4326;POINT (12.3 -45.6)'}"),
                row(
                        new Point.Point3D(9157, 1e300, 2, Double.NaN),
                        "{'$type':'Point','_value':'SRID=9157;POINT Z (1.0E300 2.0 NaN)'}"),
                row(
                        new Vector(
                                Vector.Element.FLOAT_32,
                                Buffer.buffer().appendFloat(0.1f).appendFloat(Float.NaN)),
                        "{'$type':'Vector','_value':{'coordinatesType':'FLOAT32','coordinates':['0.1','NaN']}}"),
                row(
                        new Vector(
                                Vector.Element.FLOAT_32,
                                Buffer.buffer().appendFloat(Float.MAX_VALUE).appendFloat(Float.NEGATIVE_INFINITY)),
                        "{'$type':'Vector','_value':{'coordinatesType':'FLOAT32',"
                                + "'coordinates':['3.4028235E38','-Infinity']}}"),
                row(
                        new Vector(Vector.Element.INT_8, Buffer.buffer(new byte[] {-128, 127})),
                        "{'$type':'Vector','_value':{'coordinatesType':'INT8','coordinates':['-128','127']}}"),
                row(new UUID(1, 2), "{'$type':'UUID','_value':'00000000-0000-0001-0000-000000000002'}"));
    }

    private static Arguments row(Object value, String json) {
        return Arguments.of(value, json.replace('\'', '"'));
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theSameBothWays(Object value, String json) {
        assertEquals(json, new JsonArray().add(TypedJson.value(value)).encode().replaceAll("^\\[|]$", ""));
        assertEquals(value, read(json));
    }

    private static Object read(String json) {
        return TypedJson.parameters("p", new JsonObject("{\"it\":" + json + "}"))
                .get("it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$type':'Integer','_value':7}                  | 7",
                "{'$type':'Float','_value':'7'}                  | 7.0",
                "{'$type':'Float','_value':7}                    | 7.0",
                "{'$type':'String','_value':'x'}                 | x",
                "{'$type':'Boolean','_value':true}               | true",
                "{'$type':'List','_value':[{'$type':'Null','_value':null}]} | [null]",
                "{'$type':'Map','_value':{'a':1}}                | {a=1}",
                "{'$type':'Map','_value':{'$type':'Date','_value':1}} | {$type=Date, _value=1}",
                "{'$type':'ZonedDateTime','_value':'2026-07-01T00:00[Europe/Paris]'} "
                        + "| DateTimeZoneId[seconds=1782856800, nanos=0, zone=Europe/Paris]",
                "{'$type':'ZonedDateTime','_value':'1970-01-01T00:00Z'} "
                        + "| DateTime[seconds=0, nanos=0, offsetSeconds=0]",
                "{'$type':'Duration','_value':'P2W'}             | Duration[months=0, days=14, seconds=0, nanos=0]",
                "{'$type':'Point','_value':'SRID=7203;POINT(1 2)'} | Point2D[srid=7203, x=1.0, y=2.0]",
                "{'$type':'Point','_value':'SRID=7203;POINT(Infinity 2)'} | Point2D[srid=7203, x=Infinity, y=2.0]",
                "{'$type':'Float','_value':'-Infinity'}          | -Infinity",
            })
    void takenBeside(String json, String value) {
        assertEquals(value, String.valueOf(read(json.replace('\'', '"'))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$type':'Date'}",
                "{'$type':'Date','_value':'2026-11-21','more':1}",
                "{'$type':5,'_value':1}",
                "{'$type':null,'_value':1}",
                "{'$type':'Datum','_value':'2026-11-21'}",
                "{'$type':'Date','_value':'2026-13-01'}",
                "{'$type':'Date','_value':20261121}",
                "{'$type':'Time','_value':'12:00'}",
                "{'$type':'ZonedDateTime','_value':'1970-01-01T00:00Z[]'}",
                "{'$type':'ZonedDateTime','_value':'1970-01-01T00:00Z[a]b'}",
                "{'$type':'Duration','_value':'P'}",
                "{'$type':'Duration','_value':'P1DT'}",
                "{'$type':'Duration','_value':'P9999999999999999999D'}",
                "{'$type':'Duration','_value':'P1.5D'}",
                "{'$type':'Point','_value':'POINT (1 2)'}",
                "{'$type':'Point','_value':'SRID=1;POINT Z (1 2)'}",
                "{'$type':'Integer','_value':'9223372036854775808'}",
                "{'$type':'Integer','_value':1.5}",
                "{'$type':'Float','_value':'0x1p3'}",
                "{'$type':'Base64','_value':'a'}",
                "{'$type':'UUID','_value':'1-1-1-1-1'}",
                "{'$type':'Null','_value':0}",
                "{'$type':'Map','_value':[]}",
                "{'$type':'Vector','_value':{'coordinatesType':'INT8','coordinates':['128']}}",
                "{'$type':'Vector','_value':{'coordinatesType':'INT9','coordinates':[]}}",
                "{'$type':'Vector','_value':{'coordinatesType':'FLOAT32','coordinates':['1e39']}}",
                "{'$type':'Vector','_value':{'coordinatesType':'FLOAT32','coordinates':[-3.5e38]}}",
                "{'$type':'Vector','_value':{'coordinatesType':'FLOAT64','coordinates':['1e309']}}",
                "{'$type':'Float','_value':'-1e400'}",
                "{'$type':'Point','_value':'SRID=7203;POINT (1e309 0)'}",
                "{'$type':'Node','_value':{}}",
                "9223372036854775808",
            })
    void complainedOf(String json) {
        FieldException bad = assertThrows(FieldException.class, () -> read("[" + json.replace('\'', '"') + "]"));
        assertEquals("p.it[0]", bad.path());
    }

    @Test
    void graphValuesHaveBothIds() {
        Node alice = new Node(0, List.of("Person"), Map.of("$type", "odd"), "4:x:0");
        Node bob = new Node(1, List.of(), Map.of(), "4:x:1");
        assertEquals(
                json("{'$type':'Node','_value':{'_element_id':'4:x:0','_id':0,'_labels':['Person'],"
                        + "'_properties':{'$type':'odd'}}}"),
                TypedJson.value(alice));
        JsonObject knows =
                json("{'$type':'Relationship','_value':{'_element_id':'5:x:7','_start_node_element_id':'4:x:0',"
                        + "'_end_node_element_id':'4:x:1','_id':7,'_start_node_id':0,'_end_node_id':1,'_type':'KNOWS',"
                        + "'_properties':{}}}");
        assertEquals(knows, TypedJson.value(new Relationship(7, 0, 1, "KNOWS", Map.of(), "5:x:7", "4:x:0", "4:x:1")));
        // From Bob to Alice and back, always against or along the same relationship.
        Path path = new Path(
                List.of(bob, alice),
                List.of(new UnboundRelationship(7, "KNOWS", Map.of(), "5:x:7")),
                List.of(-1L, 1L, 1L, 0L));
        JsonObject walk = (JsonObject) TypedJson.value(path);
        assertEquals("Path", walk.getString("$type"));
        assertEquals(
                new JsonArray()
                        .add(TypedJson.value(bob))
                        .add(knows)
                        .add(TypedJson.value(alice))
                        .add(knows)
                        .add(TypedJson.value(bob)),
                walk.getJsonArray("_value"));
    }

    @Test
    void whatTheVersionCannotSayIsTold() {
        assertEquals(
                json("{'$type':'Unsupported','_value':'Foo: no luck (from Bolt 7.1 on)'}"),
                TypedJson.value(new UnsupportedType("Foo", 7, 1, Map.of("message", "no luck"))));
    }

    @Test
    void depthIsBounded() {
        Object deep = 1;
        for (int i = 0; i < BoltLimits.GREATEST_MAX_DEPTH; i++) {
            deep = new JsonArray(Arrays.asList(deep));
        }
        JsonObject parameters = new JsonObject(new LinkedHashMap<>(Map.of("deep", deep)));
        FieldException bad = assertThrows(FieldException.class, () -> TypedJson.parameters("p", parameters));
        assertTrue(bad.complaint().startsWith("deeper than 250 levels"), bad::complaint);
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }
}
