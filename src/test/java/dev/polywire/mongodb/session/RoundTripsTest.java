package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTripsTest {

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "700, 0",
        "700 800, 700",
        "800 700, 700",
        "5 9 9 9 9 9 9 9 9 9, 5",
        "5 9 9 9 9 9 9 9 9 9 9, 9",
        "5 9 9 9 9 9 9 9 9 9 7 8 8 8 8 8 8 8 8 8, 7",
        "5 9 9 9 9 9 9 9 9 9 7 8 8 8 8 8 8 8 8 8 8, 8",
        "-3 4, 0"
    })
    void leastOfTheLastTen(String micros, long least) {
        RoundTrips trips = new RoundTrips();
        add(trips, micros);
        assertEquals(least, trips.leastMicros());
    }

    /** A server is not measured by what another one took. */
    @Test
    void reset() {
        RoundTrips trips = new RoundTrips();
        add(trips, "1 1 1");
        trips.reset();
        assertEquals(0, trips.leastMicros());
        trips.add(5);
        assertEquals(0, trips.leastMicros());
        trips.add(6);
        assertEquals(5, trips.leastMicros());
    }

    private static void add(RoundTrips trips, String micros) {
        micros.lines()
                .flatMap(line -> java.util.Arrays.stream(line.split(" ")))
                .forEach(each -> trips.add(Long.parseLong(each)));
    }
}
