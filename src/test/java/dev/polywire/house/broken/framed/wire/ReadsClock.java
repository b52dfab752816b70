package dev.polywire.house.broken.framed.wire;

import dev.polywire.house.Breaks;
import java.time.Clock;
import java.time.Instant;
import java.util.Calendar;
import java.util.Date;
import java.util.function.LongSupplier;

@Breaks("wire")
final class ReadsClock {

    long millis() {
        return System.currentTimeMillis();
    }

    LongSupplier nanos() {
        return System::nanoTime;
    }

    Instant now() {
        return Instant.now();
    }

    Date date() {
        return new Date();
    }

    Calendar calendar() {
        return Calendar.getInstance();
    }

    void clock(Clock clock) {}
}
