package dev.polywire.eventstore.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An event on the bus, in both directions. */
class EventJsonTest {

    private static final UUID ID = UUID.fromString("7a8c472c-c92e-4520-990d-a749f6020ba1");
    /** 2026-12-01T08:00:00.1234567Z */
    private static final long TICKS = 639_317_088_000_000_000L + 1_234_567;

    private static final long TOMBSTONE = Long.MAX_VALUE;

    // ---- to append

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'json':{'a':[1,null]}}           | {\"a\":[1,null]} | 1",
                "{'json':'text'}                   | \"text\"         | 1",
                "{'json':7}                        | 7                | 1",
                "{'json':false}                    | false            | 1",
                "{'text':'h\u00e9'}                | h\u00e9          | 0",
                "{'text':'{}','isJson':true}       | {}               | 1",
                "{'data':'aGVsbG8='}               | hello            | 0",
                "{'data':'aGVsbG8'}                | hello            | 0",
                "{'data':'e30=','isJson':true}     | {}               | 1",
                "{'json':{},'isJson':false}        | {}               | 0",
                "{}                                | ''               | 0",
                "{'isJson':true}                   | ''               | 1",
            })
    void dataInThreeSpellings(String json, String data, int contentType) {
        NewEvent event = read(json);
        assertEquals(data, event.data().toString());
        assertEquals(contentType, event.dataContentType());
        assertEquals(0, event.metadata().length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'metadataJson':{'a':1}}   | {\"a\":1}",
                "{'metadataText':'m'}       | m",
                "{'metadata':'aGVsbG8='}    | hello",
            })
    void metadataInThreeSpellings(String json, String metadata) {
        NewEvent event = read(json);
        assertEquals(metadata, event.metadata().toString());
        // To the server an event is JSON by its data.
        assertEquals(NewEvent.BINARY, event.dataContentType());
    }

    @Test
    void anIdIsGivenOrMade() {
        assertEquals(ID, DotNetGuid.read(read("{'eventId':'" + ID + "'}").eventId()));
        assertEquals(
                ID,
                DotNetGuid.read(read("{'eventId':'7A8C472C-C92E-4520-990D-A749F6020BA1'}")
                        .eventId()));
        assertNotEquals(read("{}").eventId(), read("{}").eventId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'eventType':''}                     | events[0].eventType: empty",
                "{'eventType':7}                      | events[0].eventType: ",
                "{'eventType':null}                   | events[0].eventType: missing",
                "{'eventId':'7'}                      | events[0].eventId: no UUID",
                "{'eventId':'1-1-1-1-1'}              | events[0].eventId: no UUID",
                "{'eventId':'00000000-0000-0000-0000-000000000000'} | events[0].eventId: no UUID",
                "{'data':'a','text':'b'}              | events[0].data: beside another one",
                "{'text':'b','json':{}}               | events[0].data: beside another one",
                "{'metadata':'','metadataJson':{}}    | events[0].metadata: beside another one",
                "{'data':'a b'}                       | events[0].data: a string (expected: base64)",
                "{'data':7}                           | events[0].data: ",
                "{'text':'\\ud800'}                   | events[0].text: half a surrogate pair",
                "{'isJson':'yes'}                     | events[0].isJson: ",
                "{'streamId':'s'}                     | events[0].streamId: unknown field",
            })
    void isRefused(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read(json));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
    }

    /** As the server counts: 16,767,214 bytes of data with a type of one character, which counts two. */
    @Test
    void theLargestEvent() {
        assertEquals(16_767_214, read(sized("t", 16_767_214, 0)).data().length());
        assertEquals(16_767_114, read(sized("t", 16_767_114, 100)).data().length());
        assertTooLarge(sized("t", 16_767_215, 0));
        assertTooLarge(sized("tt", 16_767_213, 0));
        assertTooLarge(sized("t", 16_767_114, 101));
    }

    private static void assertTooLarge(JsonObject event) {
        ServiceException large = assertThrows(ServiceException.class, () -> read(event));
        assertEquals("LIMIT_EXCEEDED", EventStoreBus.name(large));
        assertTrue(large.getMessage().contains("16767216"), large::getMessage);
    }

    private static JsonObject sized(String type, int dataBytes, int metadataBytes) {
        return new JsonObject()
                .put("eventType", type)
                .put("text", "x".repeat(dataBytes))
                .put("metadataText", "x".repeat(metadataBytes));
    }

    // ---- received

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1,null]}", "[]", "\"text\"", "7", "true"})
    void jsonIsADocument(String document) {
        JsonObject json = json(event(NewEvent.JSON, document, ""), false);
        assertEquals(new JsonObject("{\"json\":" + document + "}").getValue("json"), json.getValue("json"));
        assertNone(json, "data", "text", "isJson");
    }

    /** The server does not look: such an event is there in real streams. */
    @ParameterizedTest
    @ValueSource(strings = {"{", "", "{} {}", "{\"a\":1,\"a\":2}"})
    void jsonThatIsNoneIsFlagged(String bytes) {
        for (boolean text : new boolean[] {false, true}) {
            JsonObject json = json(event(NewEvent.JSON, bytes, ""), text);
            assertEquals(Buffer.buffer(bytes), Buffer.buffer(decoded(json, "data")));
            assertEquals(true, json.getBoolean("isJson"));
            assertNone(json, "json", "text");
        }
    }

    @Test
    void theRestIsBytesOrTextIfWanted() {
        EventRecord binary = event(NewEvent.BINARY, "{}", "");
        assertEquals("e30=", json(binary, false).getString("data"));
        assertEquals("{}", json(binary, true).getString("text"));
        assertNone(json(binary, true), "data", "json", "isJson");
        EventRecord noText = event(NewEvent.BINARY, Vectors.bytes("ff00"), Buffer.buffer());
        assertEquals("/wA=", json(noText, true).getString("data"));
        assertNone(json(noText, true), "text");
        // Numbers that nobody has defined are binary.
        assertEquals("e30=", json(event(2, "{}", ""), false).getString("data"));
    }

    @Test
    void metadataAreAnObjectOrBytes() {
        JsonObject object = json(event(NewEvent.BINARY, "x", "{\"a\":1}"), false);
        assertEquals(new JsonObject().put("a", 1), object.getJsonObject("metadataJson"));
        assertNone(object, "metadata", "metadataText");
        for (String other : List.of("[]", "7", "{", "null")) {
            JsonObject bytes = json(event(NewEvent.JSON, "{}", other), true);
            assertEquals(other, new String(decoded(bytes, "metadata"), java.nio.charset.StandardCharsets.UTF_8));
            assertNone(bytes, "metadataJson", "metadataText");
        }
        assertNone(json(event(NewEvent.JSON, "{}", ""), true), "metadata", "metadataJson", "metadataText");
    }

    /** What is given can be appended again. */
    @Test
    void whatIsReceivedCanBeAppended() {
        for (EventRecord each : List.of(
                event(NewEvent.JSON, "{\"a\":1}", "{\"b\":2}"),
                event(NewEvent.JSON, "{", ""),
                event(NewEvent.BINARY, "text", "text"))) {
            JsonObject json = json(each, true);
            List.of("streamId", "eventNumber", "created").forEach(json::remove);
            NewEvent again = EventJson.read(Fields.at("event", json));
            assertEquals(each.data(), again.data());
            assertEquals(each.metadata(), again.metadata());
            assertEquals(each.dataContentType(), again.dataContentType());
            assertEquals(each.eventId(), DotNetGuid.read(again.eventId()));
        }
    }

    @Test
    void whatItIsCalled() {
        JsonObject json = json(event(NewEvent.JSON, "{}", ""), false);
        assertEquals(Set.of("streamId", "eventNumber", "eventId", "eventType", "created", "json"), json.fieldNames());
        assertEquals("s", json.getString("streamId"));
        assertEquals(7L, json.getLong("eventNumber"));
        assertEquals(ID.toString(), json.getString("eventId"));
        assertEquals("t", json.getString("eventType"));
        assertEquals("2026-12-01T08:00:00.123456700Z", json.getString("created"));
    }

    /** The two highest bits say what kind of time it is; it is the same time. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void createdIsATimeWithoutItsKind(long kind) {
        EventRecord event = created(TICKS | kind << 62, 1);
        assertEquals("2026-12-01T08:00:00.123456700Z", json(event, false).getString("created"));
    }

    @Test
    void createdIsWhatTheServerHasSaid() {
        assertEquals("1970-01-01T00:00:01.500Z", json(created(0, 1_500), false).getString("created"));
        assertNone(json(created(0, 0), false), "created");
    }

    /** JavaScript rounds them. */
    @Test
    void largeNumbersAreText() {
        assertEquals(9007199254740991L, json(numbered(9007199254740991L), false).getValue("eventNumber"));
        assertEquals(
                "9007199254740992", json(numbered(9007199254740992L), false).getValue("eventNumber"));
        assertEquals("9223372036854775807", json(numbered(TOMBSTONE), false).getValue("eventNumber"));
        JsonObject position = EventJson.of(
                        new ReceivedEvent(numbered(1), null, new Position(TOMBSTONE, 9007199254740991L)), false)
                .getJsonObject("position");
        assertEquals("9223372036854775807", position.getValue("commit"));
        assertEquals(9007199254740991L, position.getValue("prepare"));
    }

    @Test
    void aLinkIsBesideItsEvent() {
        EventRecord link = new EventRecord(
                "$ce-s", 3, new UUID(1, 1), "$>", 0, 0, Buffer.buffer("7@s"), Buffer.buffer(), TICKS, 0);
        JsonObject json = EventJson.of(new ReceivedEvent(numbered(7), link, null), false);
        assertEquals(7, json.getInteger("eventNumber"));
        assertEquals("s", json.getString("streamId"));
        assertEquals("$ce-s", json.getJsonObject("link").getString("streamId"));
        assertEquals(3, json.getJsonObject("link").getInteger("eventNumber"));
        assertFalse(json.containsKey("position"));
        JsonObject dead = EventJson.of(new ReceivedEvent(null, link, new Position(9, 8)), false);
        assertEquals(Set.of("link", "position"), dead.fieldNames());
        assertEquals(
                new JsonObject().put("commit", 9).put("prepare", 8).encode(),
                dead.getJsonObject("position").encode());
    }

    private static NewEvent read(String json) {
        JsonObject event = new JsonObject(json.replace('\'', '"'));
        if (!event.containsKey("eventType")) {
            event.put("eventType", "t");
        }
        return read(event);
    }

    private static NewEvent read(JsonObject event) {
        return EventJson.read(Fields.at("events[0]", event));
    }

    private static JsonObject json(EventRecord event, boolean text) {
        return EventJson.of(new ReceivedEvent(event, null, null), text);
    }

    private static EventRecord numbered(long number) {
        return new EventRecord("s", number, ID, "t", 1, 1, Buffer.buffer("{}"), Buffer.buffer(), TICKS, 0);
    }

    private static EventRecord created(long ticks, long epochMillis) {
        return new EventRecord("s", 7, ID, "t", 1, 1, Buffer.buffer("{}"), Buffer.buffer(), ticks, epochMillis);
    }

    private static EventRecord event(int contentType, String data, String metadata) {
        return event(contentType, Buffer.buffer(data), Buffer.buffer(metadata));
    }

    private static EventRecord event(int contentType, Buffer data, Buffer metadata) {
        return new EventRecord("s", 7, ID, "t", contentType, contentType, data, metadata, TICKS, 0);
    }

    private static byte[] decoded(JsonObject json, String field) {
        return java.util.Base64.getDecoder().decode(json.getString(field));
    }

    private static void assertNone(JsonObject json, String... fields) {
        JsonArray there = new JsonArray();
        for (String each : fields) {
            if (json.containsKey(each)) {
                there.add(each);
            }
        }
        assertEquals(new JsonArray(), there, json::encode);
    }
}
