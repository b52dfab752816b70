package dev.polywire.calls;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the caller of a command hears when there is no answer, in one table for all protocols: {@link Situation} has its rows
 * and what is wanted in each, {@link Party} its columns.
 */
class CallTableTest {

    /** Cells that are other than wanted, and what they are today. */
    private static final Map<String, String> TODAY = Map.ofEntries(
            entry("MONGODB UNWRITABLE", "LIMIT_EXCEEDED, goes on"),
            entry("MONGODB ANSWER_TOO_LONG", "PROTOCOL_VIOLATION"),
            entry("AMQP BROKEN_ALONE", "UNKNOWN_OUTCOME"),
            entry("AMQP BROKEN_OLDEST", "UNKNOWN_OUTCOME"),
            entry("AMQP_PUBLISH BROKEN_ALONE", "UNKNOWN_OUTCOME"),
            entry("AMQP_PUBLISH ANSWERED_LATE_COUNTED", "0"),
            entry("FRAMED ANSWER_TOO_LONG", "UNKNOWN_OUTCOME"),
            entry("FRAMED BROKEN_ALONE", "UNKNOWN_OUTCOME"),
            entry("FRAMED TOO_LATE", "TIMEOUT, and was sent"),
            entry("FRAMED_MESSAGE TOO_LATE", "answered, and was sent"));

    private record Cell(Party party, Situation situation) {

        @Override
        public String toString() {
            return party + " " + situation;
        }
    }

    static Stream<Cell> cells() {
        return Arrays.stream(Party.values())
                .flatMap(party -> Arrays.stream(Situation.values())
                        .filter(party::knows)
                        .map(situation -> new Cell(party, situation)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void means(Cell cell) {
        String wanted = cell.situation().wanted();
        try (Side<?> side = cell.party().open()) {
            assertEquals(
                    TODAY.getOrDefault(cell.toString(), wanted),
                    cell.situation().observed(side),
                    cell::toString);
        }
    }

    @Test
    void theListOfWhatIsOtherThanWantedIsTrue() {
        Map<String, String> wanted = cells().collect(Collectors.toMap(
                Cell::toString, cell -> cell.situation().wanted()));
        TODAY.forEach((cell, today) -> assertNotEquals(wanted.get(cell), today, cell));
        assertTrue(wanted.keySet().containsAll(TODAY.keySet()));
    }

    @Test
    void eachSituationIsObservedSomewhere() {
        Set<Situation> observed = cells().map(Cell::situation).collect(Collectors.toSet());
        assertEquals(Set.of(Situation.values()), observed);
    }
}
