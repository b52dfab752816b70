package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter shown = new StringWriter();
    private long nowMillis = 5_000;
    private final Progress progress = new Progress(new PrintWriter(shown), () -> nowMillis);

    @Test
    void showsNothingOfAShortStream() {
        nowMillis += 999;
        progress.show(10);
        progress.clear();
        assertEquals("", shown.toString());
    }

    @Test
    void showsCountTimeAndRateFiveTimesASecondAtMost() {
        nowMillis += 1_000;
        progress.show(500);
        nowMillis += 199;
        progress.show(600);
        nowMillis += 801;
        progress.show(700);
        assertEquals("\r\u001b[K500 items, 1 s, 500/s\r\u001b[K700 items, 2 s, 350/s", shown.toString());
    }

    @Test
    void makesPlaceOnce() {
        nowMillis += 1_000;
        progress.show(1);
        progress.clear();
        progress.clear();
        assertEquals("\r\u001b[K1 items, 1 s, 1/s\r\u001b[K", shown.toString());
    }
}
