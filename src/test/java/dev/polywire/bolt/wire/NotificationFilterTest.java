package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationFilterTest {

    /** Seen with Neo4j 5.26.30: the severity and the categories of HELLO, those of RUN or BEGIN, and what counts. */
    @ParameterizedTest
    @CsvSource({
        ",        ,  ,        ,  ,        ",
        ",        ,  WARNING, A, WARNING, A",
        "WARNING, A, ,        ,  WARNING, A",
        "OFF,     ,  ,        ,  OFF,     ",
        "WARNING, ,  ,        '', WARNING, ''",
        "WARNING, ,  OFF,     ,  OFF,     ",
        ",        A, WARNING, ,  WARNING, A",
        "WARNING, A, ,        B, WARNING, B",
        "WARNING, A, ,        '', WARNING, ''",
        "OFF,     ,  ,        '', ,        ''",
        "OFF,     A, WARNING, ,  WARNING, ",
        "off,     ,  WARNING, ,  WARNING, ",
    })
    void ofAQueryWithinItsConnection(
            String severity,
            String disabled,
            String ownSeverity,
            String ownDisabled,
            String severityThatCounts,
            String disabledThatCount) {
        assertEquals(
                filter(severityThatCounts, disabledThatCount),
                filter(ownSeverity, ownDisabled).within(filter(severity, disabled)));
    }

    private static NotificationFilter filter(String severity, String disabled) {
        List<String> categories = disabled == null
                ? null
                : Arrays.stream(disabled.split(" "))
                        .filter(each -> !each.isEmpty())
                        .toList();
        return new NotificationFilter(severity, categories);
    }
}
