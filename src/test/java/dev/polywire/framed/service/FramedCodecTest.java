package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramedCodecTest {

    private static final long MAX_VALUE_BYTES = 1024 * 1024;
    private static final FramedFormat JSON = FramedCodec.JSON.format(MAX_VALUE_BYTES);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "RAW  | 00ff             | {\"bytes\":\"AP8=\"}",
                "RAW  | 80044e2e         | {\"bytes\":\"gAROLg==\"}",
                "UTF8 | 68c3a4c39fe29883 | {\"text\":\"häß☃\"}",
                "UTF8 | f09f9880         | {\"text\":\"😀\"}",
                "JSON | 31               | {\"value\":1}",
                "JSON | 6e756c6c         | {\"value\":null}",
                "JSON | 22737472696e6722 | {\"value\":\"string\"}",
                "JSON | 5b312c322c335d   | {\"value\":[1,2,3]}",
                "JSON | 7b226b6579223a2276616c7565227d | {\"value\":{\"key\":\"value\"}}",
                "JSON | 39303037313939323534373430393933 | {\"value\":9007199254740993}",
                "CBOR | f6               | {\"value\":null}",
                "CBOR | 83010203         | {\"value\":[1,2,3]}",
                "CBOR | a1636b65796576616c7565 | {\"value\":{\"key\":\"value\"}}",
                "CBOR | 4200ff           | {\"value\":{\"$bytes\":\"AP8=\"}}",
                "PICKLE | 80044e2e       | {\"value\":null}",
                "PICKLE | 80044b012e     | {\"value\":1}",
                "PICKLE | 80048c06737472696e672e | {\"value\":\"string\"}",
                "PICKLE | 80045d284b014b024b03652e | {\"value\":[1,2,3]}",
                "PICKLE | 8004284b014b024b03742e | {\"value\":{\"$tuple\":[1,2,3]}}",
                "PICKLE | 80047d288c036b65798c0576616c7565752e | {\"value\":{\"key\":\"value\"}}",
            })
    void bothWays(FramedCodec codec, String hex, String message) {
        Buffer payload = Vectors.bytes(hex);
        assertEquals(new JsonObject(message), codec.format(MAX_VALUE_BYTES).read(payload));
        assertEquals(payload, codec.format(MAX_VALUE_BYTES).write(new JsonObject(message)));
        assertEquals(payload, codec.format(MAX_VALUE_BYTES).write(new JsonObject(message).put("connection", "7")));
    }

    @ParameterizedTest
    @EnumSource(
            value = FramedCodec.class,
            names = {"RAW", "UTF8"})
    void anEmptyPayloadIsAMessage(FramedCodec codec) {
        assertEquals(
                Buffer.buffer(),
                codec.format(MAX_VALUE_BYTES)
                        .write(codec.format(MAX_VALUE_BYTES).read(Buffer.buffer())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "RAW  | {\"text\":\"a\"}            | message.bytes: missing (expected with codec raw)",
                "RAW  | {\"bytes\":\"a\"}           | message.bytes: a string (expected: base64)",
                "RAW  | {\"bytes\":null}            | message.bytes: null (expected: base64)",
                "UTF8 | {\"value\":\"a\"}           | message.text: missing (expected with codec utf8)",
                "UTF8 | {\"text\":5}                | message.text: 5 (expected: a string)",
                "UTF8 | {\"text\":null}             | message.text: null (expected: a string)",
                "UTF8 | {\"text\":\"\\ud800\"}      | message.text: half a surrogate pair (expected: Unicode text)",
                "JSON | {\"text\":\"a\"}            | message.value: missing (expected with codec json)",
                "JSON | {}                          | message.value: missing (expected with codec json)",
                "JSON | {\"value\":1,\"to\":\"2\"}  | message.to: unknown field",
            })
    void whatTheCallerGotWrong(FramedCodec codec, String message, String complaint) {
        FieldException wrong = assertThrows(
                FieldException.class, () -> codec.format(MAX_VALUE_BYTES).write(new JsonObject(message)));
        assertEquals(complaint, wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"UTF8, c3", "UTF8, c080", "UTF8, eda080", "UTF8, fffe", "JSON, c3", "JSON, 22c322", "JSON, ''"})
    void whatThePeerGotWrong(FramedCodec codec, String hex) {
        assertDecode(codec, Vectors.bytes(hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "[1,2",
                "{} {}",
                "1 2",
                "{\"a\":1,\"a\":2}",
                "NaN",
                "1e400",
                "'a'",
                "{a:1}",
                "// a comment\n1",
                "[1,]",
                "01"
            })
    void whatIsNotJson(String payload) {
        assertDecode(FramedCodec.JSON, Buffer.buffer(payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"S03", "S05", "S06", "S07", "S09", "S10", "S11"})
    void abuse(String id) {
        Buffer frame = AbuseVectors.of("smart-connection").get(id).bytes();
        assertDecode(FramedCodec.JSON, frame.slice(4, frame.length()));
    }

    /** These carry anything, or any text, as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"S03", "S05", "S06", "S07", "S09", "S10", "S11"})
    void abuseOfPlainCodecs(String id) {
        Buffer frame = AbuseVectors.of("smart-connection").get(id).bytes();
        Buffer payload = frame.slice(4, frame.length());
        FramedFormat raw = FramedCodec.RAW.format(MAX_VALUE_BYTES);
        assertEquals(payload, raw.write(raw.read(payload)));
        if (List.of("S06", "S11").contains(id)) {
            assertDecode(FramedCodec.UTF8, payload);
        } else {
            FramedFormat utf8 = FramedCodec.UTF8.format(MAX_VALUE_BYTES);
            assertEquals(payload, utf8.write(utf8.read(payload)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"S03", "S05", "S06", "S07", "S09", "S10", "S11"})
    void abuseOfBinaryCodecs(String id) {
        Buffer frame = AbuseVectors.of("smart-connection").get(id).bytes();
        Buffer payload = frame.slice(4, frame.length());
        assertDecode(FramedCodec.PICKLE, payload);
        assertDecode(FramedCodec.CBOR, payload);
    }

    /** C2-1: Python's first hundred of seed 10, as messages of every codec that has numbers, in pieces. */
    @ParameterizedTest
    @EnumSource(
            value = FramedCodec.class,
            names = {"JSON", "CBOR", "PICKLE"})
    void hundredFloats(FramedCodec codec) {
        FramedFormat format = codec.format(MAX_VALUE_BYTES);
        Buffer frames = Vectors.read("smart-frames.txt").get("floats100").bytes();
        List<JsonObject> floats = new ArrayList<>();
        for (int at = 0; at < frames.length(); at += 4 + frames.getInt(at)) {
            floats.add(
                    FramedCodec.PICKLE.format(MAX_VALUE_BYTES).read(frames.slice(at + 4, at + 4 + frames.getInt(at))));
        }
        assertEquals(100, floats.size());
        assertEquals(0.5714025946899135, floats.get(0).getDouble("value"));
        floats.forEach(each -> assertEquals(each, format.read(format.write(each))));
    }

    private static void assertDecode(FramedCodec codec, Buffer payload) {
        ProtocolException unreadable = assertThrows(
                ProtocolException.class, () -> codec.format(MAX_VALUE_BYTES).read(payload));
        assertEquals(ProtocolException.Kind.DECODE, unreadable.kind());
        assertTrue(unreadable.getMessage().startsWith("payload: "), unreadable::getMessage);
        assertTrue(unreadable.getMessage().length() < 200, unreadable::getMessage);
    }

    /** As deep as it may be, it still fits into its item, its batch and a bridge's frame. */
    @Test
    void theDeepestValueCanBeDelivered() {
        int depth = PlainToJson.MAX_DEPTH;
        Buffer deepest = Buffer.buffer("[".repeat(depth) + "]".repeat(depth));
        JsonObject batch = new JsonObject().put("items", new JsonArray().add(JSON.read(deepest)));
        JsonObject frame = new JsonObject().put("type", "message").put("body", batch);
        assertEquals(frame, new JsonObject(frame.toBuffer()));
        assertEquals(deepest, JSON.write(JSON.read(deepest)));
        assertDecode(FramedCodec.JSON, Buffer.buffer("[" + deepest + "]"));
    }

    @Test
    void theCallersOwnValueMayBeTooDeep() {
        JsonArray deep = new JsonArray();
        for (int i = 0; i < 1_000; i++) {
            deep = new JsonArray().add(deep);
        }
        JsonObject message = new JsonObject().put("value", deep);
        FieldException wrong = assertThrows(FieldException.class, () -> JSON.write(message));
        assertEquals("message.value: cannot be written (expected: JSON of at most 1000 levels)", wrong.getMessage());
    }

    /** Each value counts 128 bytes: 8,192 of them are the megabyte, the array among them. */
    @Test
    void aDocumentOfVeryManyValuesIsTooLarge() {
        Buffer most = Buffer.buffer("[" + "0,".repeat(8_190) + "0]");
        assertEquals(most, JSON.write(JSON.read(most)));
        for (String value : new String[] {"0", "{}", "[]", "\"\""}) {
            Buffer more = Buffer.buffer("[" + (value + ",").repeat(8_191) + value + "]");
            ProtocolException tooMany = assertThrows(ProtocolException.class, () -> JSON.read(more));
            assertEquals(ProtocolException.Kind.LIMIT, tooMany.kind());
            assertEquals("payload: json: too many values (expected: <= 8192)", tooMany.getMessage());
        }
    }

    @Test
    void oneThousandDigits() {
        Buffer digits = Buffer.buffer("1".repeat(1_000));
        assertEquals(digits, JSON.write(JSON.read(digits)));
        assertDecode(FramedCodec.JSON, Buffer.buffer("1".repeat(1_001)));
    }
}
