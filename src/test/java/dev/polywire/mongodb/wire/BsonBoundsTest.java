package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a BSON document may be. Elements are written {@code type "a" 00 value}. */
class BsonBoundsTest {

    @ParameterizedTest
    @CsvSource({
        "double, 01 6100 000000000000f03f",
        "string, 02 6100 02000000 7800",
        "string empty, 02 6100 01000000 00",
        "string with a zero inside, 02 6100 04000000 78007900",
        "string of four bytes, 02 6100 05000000 f09f9880 00",
        "document, 03 6100 0500000000",
        "array, 04 6100 0500000000",
        "array with odd keys, 04 6100 0b0000000a78000a780000",
        "binary, 05 6100 02000000 00 ffff",
        "binary empty, 05 6100 00000000 80",
        "binary old, 05 6100 06000000 02 02000000 ffff",
        "undefined, 06 6100",
        "oid, 07 6100 0102030405060708090a0b0c",
        "true, 08 6100 01",
        "false, 08 6100 00",
        "date, 09 6100 0000000000000080",
        "null, 0a 6100",
        "regex, 0b 6100 7800 6900",
        "regex empty, 0b 6100 00 00",
        "dbpointer, 0c 6100 02000000 7800 0102030405060708090a0b0c",
        "code, 0d 6100 02000000 7800",
        "symbol, 0e 6100 02000000 7800",
        "code with scope, 0f 6100 0f000000 02000000 7800 0500000000",
        "int32, 10 6100 01000000",
        "timestamp, 11 6100 0100000002000000",
        "int64, 12 6100 0100000000000000",
        "decimal, 13 6100 00000000000000000000000000003030",
        "min key, ff 6100",
        "max key, 7f 6100",
        "empty key, 0a 00",
        "key twice, 0a 6100 0a 6100",
        "key with dollar and dot, 0a 24612e6200"
    })
    void legal(String name, String elements) {
        Buffer document = document(elements);
        BsonBounds.check(document);
        Documents.parsed(document);
        // Every shorter one with a right length of its own must fail: no value may reach over the end.
        for (int end = 5; end < document.length() - 1; end++) {
            Buffer cut = document.getBuffer(0, end).appendByte((byte) 0).setIntLE(0, end + 1);
            if (!name.equals("key twice")) {
                assertThrows(ProtocolException.class, () -> BsonBounds.check(cut));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "type 00 before the end, 00",
        "type 14, 14 6100",
        "type 80, 80 6100",
        "key without zero, 0a 61",
        "key not UTF-8, 0a c32800",
        "string length 0, 02 6100 00000000",
        "string length -1, 02 6100 ffffffff 7800",
        "string over the end, 02 6100 03000000 7800",
        "string without zero, 02 6100 01000000 78",
        "string overlong, 02 6100 03000000 c080 00",
        "string surrogate, 02 6100 04000000 eda080 00",
        "string over U+10FFFF, 02 6100 05000000 f4908080 00",
        "string cut in a character, 02 6100 02000000 c3 00",
        "document length 4, 03 6100 04000000",
        "document length -5, 03 6100 fbffffff00",
        "document over its parent, 03 6100 0600000000",
        "document of its parent's zero, 03 6100 05000000",
        "binary length -1, 05 6100 ffffffff 00",
        "binary over the end, 05 6100 02000000 00 ff",
        "binary old too short, 05 6100 03000000 02 000000",
        "binary old other length, 05 6100 06000000 02 03000000 ffff",
        "bool 2, 08 6100 02",
        "bool -1, 08 6100 ff",
        "regex one part, 0b 6100 7800",
        "regex not UTF-8, 0b 6100 ff00 00",
        "dbpointer short id, 0c 6100 02000000 7800 0102030405060708090a0b",
        "scope size too small, 0f 6100 0e000000 02000000 7800 0500000000",
        "scope size too large, 0f 6100 10000000 02000000 7800 0500000000",
        "scope size with a byte behind, 0f 6100 10000000 02000000 7800 0500000000 00",
        "scope shorter than a scope, 0f 6100 0a000000 02000000 7800",
        "scope code over its size, 0f 6100 0f000000 09000000 7800 0500000000"
    })
    void illegal(String name, String elements) {
        ProtocolException bad =
                assertThrows(ProtocolException.class, () -> BsonBounds.check(document(elements)), () -> name);
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | document length: 0, and 0 bytes are left (expected: at least 5)",
                "05000000 | document length: 0, and 4 bytes are left (expected: at least 5)",
                "0400000000 | document length: 4 (expected: 5 to 5)",
                "0600000000 | document length: 6 (expected: 5 to 5)",
            })
    void whatIsSaidOfALength(String bytes, String said) {
        assertEquals(
                said,
                assertThrows(ProtocolException.class, () -> BsonBounds.length(Vectors.bytes(bytes), 0))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "05", "05000000", "0400000000", "0500000001", "0600000000", "050000000000", "ffffffff00"})
    void notEvenADocument(String hex) {
        assertThrows(ProtocolException.class, () -> BsonBounds.check(Vectors.bytes(hex)));
    }

    @Test
    void nesting() {
        BsonBounds.check(nested(200));
        ProtocolException deeper = assertThrows(ProtocolException.class, () -> BsonBounds.check(nested(201)));
        assertEquals("nesting: 201 (expected: <= 200)", deeper.getMessage());
    }

    @Test
    void manyKeysInLinearTime() {
        Buffer elements = Buffer.buffer();
        for (int i = 0; i < 100_000; i++) {
            elements.appendByte((byte) 0x0a).appendString("key" + i).appendByte((byte) 0);
        }
        Buffer document = document(elements);
        // A hundred times over: a quadratic check would need hours.
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 100; i++) {
                BsonBounds.check(document);
            }
        });
    }

    @Test
    void textOfAnyScript() {
        assertDoesNotThrow(() -> BsonBounds.check(Documents.bson("{'ключ': 'значение 値 😀 and so on'}")));
    }

    static Buffer document(String elements) {
        return document(Vectors.bytes(elements));
    }

    private static Buffer document(Buffer elements) {
        return Buffer.buffer()
                .appendIntLE(4 + elements.length() + 1)
                .appendBuffer(elements)
                .appendByte((byte) 0);
    }

    /** Documents inside each other, {@code depth} of them. */
    static Buffer nested(int depth) {
        Buffer bytes = Buffer.buffer();
        for (int i = depth; i > 0; i--) {
            bytes.appendIntLE(i * 8 - 3);
            if (i > 1) {
                bytes.appendByte((byte) 3).appendString("a\0");
            }
        }
        return bytes.appendBytes(new byte[depth]);
    }
}
