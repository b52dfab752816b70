package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortStringsTest {

    private final ShortStrings strings = new ShortStrings();

    private String text(byte[] bytes) {
        return strings.text(Buffer.buffer("x").appendBytes(bytes).appendString("y"), 1, bytes.length);
    }

    private String text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "amq.ctag-1", "Омск", "é", "a\u0000b", "\ud83d\ude00"})
    void asItWas(String text) {
        assertEquals(text, text(text));
        assertEquals(text, text(text));
    }

    @Test
    void theSameAgain() {
        assertSame(text("amq.ctag-1"), text("amq.ctag-1"));
    }

    /** What is no UTF-8 is not what it is shown as. */
    @Test
    void replacementsAreNotTheSame() {
        assertEquals("\ufffd", text(new byte[] {(byte) 0xff}));
        assertEquals("\ufffd", text(new byte[] {(byte) 0xfe}));
        assertEquals("\ufffd", text("\ufffd"));
    }

    @Test
    void manyInFewPlaces() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 255 : 4)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) ('a' + random.nextInt(3));
            }
            assertEquals(new String(bytes, StandardCharsets.UTF_8), text(bytes));
        }
    }
}
