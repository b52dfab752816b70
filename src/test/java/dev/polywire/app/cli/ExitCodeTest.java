package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.examples.Readme;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([A-Z_]{5,}).*");

    @Test
    void areThoseOfTheManual() {
        Map<String, Integer> written = new TreeMap<>();
        for (String line : Readme.lines("docs/commands.md")) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                written.put(row.group(2), Integer.valueOf(row.group(1)));
            }
        }
        Map<String, Integer> real = new TreeMap<>();
        Arrays.stream(Failure.values()).forEach(failure -> real.put(failure.name(), ExitCode.of(failure.code())));
        assertEquals(real, written);
    }

    @Test
    void noTwoFailuresShareOne() {
        long distinct = Arrays.stream(Failure.values())
                .map(failure -> ExitCode.of(failure.code()))
                .distinct()
                .count();
        assertEquals(Failure.values().length, distinct);
    }

    @Test
    void theTensSayWhatToDo() {
        for (Failure failure : Failure.values()) {
            int tens = ExitCode.of(failure.code()) / 10;
            int expected = failure == Failure.REFUSED_BY_SERVER
                    ? 4
                    : failure.mayHaveExecuted() ? 3 : failure.retryable() ? 2 : 1;
            assertEquals(expected, tens, failure::name);
        }
    }
}
