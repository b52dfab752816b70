package dev.polywire.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
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
        try (Side<?> side = cell.party().open()) {
            assertEquals(cell.situation().wanted(), cell.situation().observed(side), cell::toString);
        }
    }

    @Test
    void eachSituationIsObservedSomewhere() {
        Set<Situation> observed = cells().map(Cell::situation).collect(Collectors.toSet());
        assertEquals(Set.of(Situation.values()), observed);
    }
}
