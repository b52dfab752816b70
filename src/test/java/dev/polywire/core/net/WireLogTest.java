package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireLogTest {

    private final Logger logger = Logger.getLogger("dev.polywire.wire.text");
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }

    @Test
    void showsDirectionNameSizeAndBytes() {
        logger.setLevel(Level.FINER);
        FrameTap tap = WireLog.of("text", "db:7687");
        tap.frame(true, "RUN", Buffer.buffer("ab{0}"), false);
        tap.frame(false, "SUCCESS", Buffer.buffer(), false);
        assertEquals(
                List.of("FINER db:7687 -> RUN, 5 bytes: 61627b307d", "FINER db:7687 <- SUCCESS, 0 bytes: "), lines);
    }

    @Test
    void keepsANameOnItsLine() {
        logger.setLevel(Level.FINER);
        WireLog.of("text", "db:7687").frame(false, "a\nb", Buffer.buffer(), false);
        assertEquals(List.of("FINER db:7687 <- a\\u000ab, 0 bytes: "), lines);
    }

    @Test
    void showsNoByteOfASecret() {
        logger.setLevel(Level.FINER);
        WireLog.of("text", "db:7687").frame(true, "LOGON", Buffer.buffer("marked-secret"), true);
        assertEquals(List.of("FINER db:7687 -> LOGON, 13 bytes: (may hold credentials)"), lines);
    }

    @Test
    void cutsWhatWouldBuryTheLog() {
        logger.setLevel(Level.FINER);
        FrameTap tap = WireLog.of("text", "db:7687");
        tap.frame(true, "A", Buffer.buffer(new byte[WireLog.SHOWN_BYTES]), false);
        tap.frame(true, "B", Buffer.buffer(new byte[1 << 20]), false);
        String shown = "00".repeat(WireLog.SHOWN_BYTES);
        assertEquals(
                List.of(
                        "FINER db:7687 -> A, 512 bytes: " + shown,
                        "FINER db:7687 -> B, 1048576 bytes: " + shown + "..."),
                lines);
    }

    @Test
    void costsNothingWhenItIsOff() {
        logger.setLevel(Level.FINE);
        assertSame(FrameTap.NONE, WireLog.of("text", "db:7687"));
    }
}
