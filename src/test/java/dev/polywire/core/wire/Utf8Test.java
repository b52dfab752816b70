package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text and no text, as the JDK's strict decoder has it. */
class Utf8Test {

    @Test
    void asTheJdkReadsIt() {
        Random random = new Random(26);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 7)];
            for (int b = 0; b < bytes.length; b++) {
                // Mostly bytes at the borders of the encoding.
                int[] border = {0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5
                };
                bytes[b] = (byte) border[random.nextInt(border.length)];
            }
            Buffer buffer = Buffer.buffer(bytes);
            String expected = decoded(bytes);
            assertEquals(expected != null, Utf8.isWellFormed(buffer, 0, bytes.length), () -> Vectors.hex(buffer));
            assertEquals(expected, Utf8.text(buffer), () -> Vectors.hex(buffer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "ключ", "значение 値 😀 and so on"})
    void textIsGivenAsItWas(String text) {
        Buffer bytes = Buffer.buffer(text);
        assertEquals(text, Utf8.text(bytes));
        assertEquals(bytes.length(), Utf8.bytes(text));
        assertNull(Utf8.text(bytes.appendByte((byte) 0xff)));
    }

    /** Half a surrogate pair has none; the JDK writes a question mark, which may stand in the text as well. */
    @Test
    void asTheJdkWritesItStrictly() {
        Random random = new Random(17);
        String[] parts = {
            "a", "?", "plain text", "ä", "値", "\ud83d\ude00", "\ud83d", "\ude00", "\udbff", "\udc00", "\ud800"
        };
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(8); left > 0; left--) {
                // Mostly what is Unicode.
                text.append(parts[random.nextInt(random.nextInt(10) == 0 ? parts.length : 6)]);
            }
            String given = text.toString();
            byte @Nullable [] strict = strictly(given);
            assertEquals(strict != null, Utf8.isUnicode(given), given);
            if (strict != null) {
                assertArrayEquals(strict, Utf8.encoded("name", given), given);
            } else {
                assertEquals(
                        "name: " + Utf8.NOT_UNICODE,
                        assertThrows(IllegalArgumentException.class, () -> Utf8.encoded("name", given))
                                .getMessage());
            }
        }
    }

    private static byte @Nullable [] strictly(String text) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return bytes;
        } catch (CharacterCodingException half) {
            return null;
        }
    }

    private static @Nullable String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}
