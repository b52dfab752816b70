package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.PayloadCodec;
import dev.polywire.framed.wire.TypedValue.Tuple;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What JSON has no type for. */
class TypedJsonTest {

    private static final FramedFormat PICKLE = FramedCodec.PICKLE.format(16 * 1024 * 1024);
    private static final FramedFormat CBOR = FramedCodec.CBOR.format(16 * 1024 * 1024);

    /** Payloads as CPython writes them: what is read and sent back is the same to Python. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "null                                 | 80044e2e",
                "true                                 | 8004882e",
                "-1                                   | 80049506000000000000004affffffff2e",
                "9007199254740992                     | 8004950a000000000000008a07000000000000202e",
                "{\"$int\":\"9007199254740993\"}      | 8004950a000000000000008a07010000000000202e",
                "{\"$int\":\"-9223372036854775808\"}  | 8004950b000000000000008a0800000000000000802e",
                "{\"$int\":\"9223372036854775808\"}   | 8004950c000000000000008a090000000000000080002e",
                "1.5                                  | 8004950a00000000000000473ff80000000000002e",
                "-0.0                                 | 8004950a000000000000004780000000000000002e",
                "{\"$float\":\"NaN\"}                 | 8004950a00000000000000477ff80000000000002e",
                "{\"$float\":\"Infinity\"}            | 8004950a00000000000000477ff00000000000002e",
                "{\"$float\":\"-Infinity\"}           | 8004950a0000000000000047fff00000000000002e",
                "\"häß☃\"                             | 8004950c000000000000008c0868c3a4c39fe29883942e",
                "{\"$bytes\":\"AP8=\"}                | 8004950600000000000000430200ff942e",
                "[1,[2,null]]                         | 8004950e000000000000005d94284b015d94284b024e65652e",
                "{\"$tuple\":[]}                      | 8004292e",
                "{\"$tuple\":[1,{\"$tuple\":[2,3]},[4]]} | 80049510000000000000004b014b024b0386945d944b046187942e",
                "{\"$set\":[7]}                       | 80049507000000000000008f94284b07902e",
                "{}                                   | 80047d942e",
                "{\"a\":{\"$tuple\":[1]}}             | 8004950c000000000000007d948c0161944b018594732e",
                "{\"$dict\":[[1,\"a\"],[{\"$tuple\":[1,2]},null]]} | 80049512000000000000007d94284b018c0161944b014b0286944e752e",
                "{\"$dict\":[[\"$int\",\"5\"]]}       | 8004950f000000000000007d948c0424696e74948c013594732e",
            })
    void ofPickle(String value, String hex) {
        assertBothWays(PICKLE, value, hex);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"$int\":\"18446744073709551616\"} | c249010000000000000000",
                "{\"$bytes\":\"AQI=\"}               | 420102",
                "{\"$set\":[1,2]}                    | d90102820102",
                "{\"$dict\":[[1,2],[\"a\",3]]}       | a20102616103",
                "{\"$tag\":[1,1363896240]}           | c11a514b67b0",
                "{\"$tag\":[4,[-2,27315]]}           | c48221196ab3",
                "{\"$tag\":[{\"$int\":\"9007199254740993\"},1]} | db002000000000000101",
                "{\"$dict\":[[[true],{}]]}           | a181f5a0",
                "{\"a\":[1,2.5,null]}                | a161618301fb4004000000000000f6",
            })
    void ofCbor(String value, String hex) {
        assertBothWays(CBOR, value, hex);
        assertEquals(Vectors.bytes(hex), CBOR.write(message(value)));
    }

    private static void assertBothWays(FramedFormat format, String value, String hex) {
        JsonObject message = message(value);
        JsonObject read = format.read(Vectors.bytes(hex));
        assertEquals(message.encode(), read.encode());
        assertEquals(message, format.read(format.write(message)));
        assertEquals(message, format.read(format.write(new JsonObject(read.toBuffer()))));
    }

    /** What a caller may write in more than one way. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "9007199254740993          | {\"$int\":\"9007199254740993\"}",
                "9223372036854775808       | {\"$int\":\"9223372036854775808\"}",
                "{\"$int\":5}              | 5",
                "{\"$int\":\"-5\"}         | -5",
                "{\"$float\":5}            | 5.0",
                "{\"$dict\":[[\"a\",1]]}   | {\"a\":1}",
            })
    void alsoAccepted(String written, String read) {
        assertEquals(
                message(read).encode(),
                PICKLE.read(PICKLE.write(message(written))).encode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"$list\":[]}            | a type nobody knows (expected: one of [$int, $float, $bytes, $tuple, $set, $dict, $tag])",
                "{\"$int\":\"5\",\"a\":1}  | a name with $ among 2 (expected: alone; a key with $ in front stands in $dict)",
                "{\"$int\":\"0x5\"}        | $int: a string (expected: decimal digits in a string, or an integer)",
                "{\"$int\":5.5}            | $int: 5.5 (expected: decimal digits in a string, or an integer)",
                "{\"$int\":null}           | $int: null (expected: decimal digits in a string, or an integer)",
                "{\"$float\":\"1.5\"}      | $float: a string (expected: a number, NaN, Infinity or -Infinity)",
                "{\"$bytes\":\"AP8==\"}    | $bytes: a string (expected: base64)",
                "{\"$tuple\":{}}           | $tuple: an object (expected: an array)",
                "{\"$set\":[[]]}           | a container as a key (expected: a hashable value)",
                "{\"$dict\":{}}            | $dict: an object (expected: an array)",
                "{\"$dict\":[[1]]}         | $dict: an array (expected: pairs of key and value)",
                "{\"$dict\":[[[],1]]}      | a container as a key (expected: a hashable value)",
                "{\"$dict\":[[\"a\",1],[\"a\",2]]} | $dict: an array (expected: pairs of key and value, a string as key once)",
                "{\"$tag\":[-1,1]}         | $tag: an array (expected: a tag from 0 to 2^63 - 1, and a value)",
                "{\"$tag\":[1,1]}          | Tagged (expected: a value that Python has without a class)",
            })
    void whatTheCallerGotWrong(String value, String complaint) {
        FieldException wrong = assertThrows(FieldException.class, () -> PICKLE.write(message(value)));
        assertEquals("message.value: " + complaint, wrong.getMessage());
    }

    @Test
    void cborHasNoTuples() {
        JsonObject message = message("{\"$tuple\":[]}");
        FieldException wrong = assertThrows(FieldException.class, () -> CBOR.write(message));
        assertEquals("message.value: Tuple (expected: a value that CBOR has)", wrong.getMessage());
    }

    /** Typed values are deeper in JSON than where they come from. */
    @Test
    void depthIsThatOfJson() {
        Buffer tuples = Vectors.bytes("8004").appendString(")");
        for (int i = 1; i < 499; i++) {
            tuples.appendByte((byte) 0x85);
        }
        Buffer pickle = tuples.appendString(".");
        ProtocolException deep = assertThrows(ProtocolException.class, () -> PICKLE.read(pickle));
        assertEquals("payload: value: deeper than 990 levels of JSON", deep.getMessage());

        JsonArray json = new JsonArray();
        for (int i = 0; i < 1_000; i++) {
            json = new JsonArray().add(json);
        }
        JsonObject message = new JsonObject().put("value", json);
        FieldException wrong = assertThrows(FieldException.class, () -> PICKLE.write(message));
        assertEquals("message.value: deeper than 1000 levels", wrong.getMessage());
    }

    /** Nothing that a codec of the application throws reaches the connection, or repeats the payload. */
    @Test
    void aCodecThatFails() {
        FramedFormat format = FramedFormat.of(new Given("secret"));
        ProtocolException failed = assertThrows(ProtocolException.class, () -> format.read(Buffer.buffer("a secret")));
        assertEquals(ProtocolException.Kind.DECODE, failed.kind());
        assertEquals("payload: the codec failed with IllegalStateException", failed.getMessage());
        ProtocolException unfit = assertThrows(ProtocolException.class, () -> format.read(Buffer.buffer("plain")));
        assertEquals("payload: value: of Thread (expected: a plain value from the codec)", unfit.getMessage());
    }

    /** Values that Java has, and only Java. */
    @Test
    void javaValues() {
        List<Object> values =
                new ArrayList<>(List.of((short) 1, 2.5f, new byte[] {0}, Set.of(1), new JsonObject(), new JsonArray()));
        values.add(new Tuple(List.of()));
        assertEquals(
                "[1,2.5,{\"$bytes\":\"AA==\"},{\"$set\":[1]},{},[],{\"$tuple\":[]}]",
                String.valueOf(new PlainToJson().value(values)));
        assertTrue(PICKLE.write(new JsonObject().put("value", new JsonObject())).length() > 0);
    }

    private static JsonObject message(String value) {
        return new JsonObject("{\"value\":" + value.strip() + "}");
    }

    private record Given(String bad) implements PayloadCodec {

        @Override
        public Object decode(Buffer payload) {
            if (payload.toString().contains(bad)) {
                throw new IllegalStateException(payload.toString());
            }
            return new Thread();
        }

        @Override
        public Buffer encode(Object value) {
            return Buffer.buffer();
        }
    }
}
