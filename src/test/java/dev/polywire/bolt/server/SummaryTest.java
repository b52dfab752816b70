package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryTest {

    private static final Summary NOTED = Summary.READ.with(
            List.of(ServerNotification.warning("Neo.ClientNotification.X.Y", "slow", "two by two", "PERFORMANCE")));

    @Test
    void onlyWhatThereIsToSay() {
        assertEquals(Map.of(), Summary.EMPTY.fields(BoltVersion.V1, QueryOutcome.NO_ROWS));
        assertEquals(Map.of("type", "r"), Summary.READ.fields(BoltVersion.V5_4, QueryOutcome.ROWS));
        assertEquals(
                Map.of("type", "w", "stats", Map.of("nodes-created", 1L), "bookmark", "b"),
                Summary.wrote(Map.of("nodes-created", 1L)).with("b").fields(BoltVersion.V5_4, QueryOutcome.OMITTED));
    }

    @Test
    void notificationsOfOldVersions() {
        assertEquals(
                Map.of(
                        "type",
                        "r",
                        "notifications",
                        List.of(Map.of(
                                "code", "Neo.ClientNotification.X.Y",
                                "title", "slow",
                                "description", "two by two",
                                "severity", "WARNING",
                                "category", "PERFORMANCE"))),
                NOTED.fields(BoltVersion.V5_4, QueryOutcome.ROWS));
    }

    /** The outcome of the query stands among them. */
    @ParameterizedTest
    @CsvSource({
        "ROWS, '', 00000",
        "OMITTED, '', 00001",
        "NO_ROWS, '', 02000",
        "DISCARDED, '', 02N42",
        "ROWS, '01N50', '01N50 00000'",
        "OMITTED, '01N50', '01N50 00001'",
        "NO_ROWS, '01N50', '02000 01N50'",
        "ROWS, '03N90 01N50 03N95 01N51', '01N50 01N51 00000 03N90 03N95'",
        "NO_ROWS, '03N90 01N50', '02000 01N50 03N90'",
        "OMITTED, '00NA0', '00NA0 00001'",
        "ROWS, 'x', '00000 x'",
    })
    void statuses(QueryOutcome outcome, String noted, String told) {
        Summary summary = Summary.READ.with(Arrays.stream(noted.split(" "))
                .filter(status -> !status.isEmpty())
                .map(status -> new ServerNotification("Neo.X", "slow", "two by two", "WARNING", "PERFORMANCE", status))
                .toList());
        List<Map<?, ?>> statuses = statuses(summary.fields(BoltVersion.V5_6, outcome));
        assertEquals(
                told,
                String.join(
                        " ",
                        statuses.stream()
                                .map(status -> status.get("gql_status").toString())
                                .toList()));
    }

    @Test
    void fieldsOfAStatus() {
        List<Map<?, ?>> statuses = statuses(NOTED.fields(BoltVersion.V6_1, QueryOutcome.ROWS));
        assertEquals(
                Map.of(
                        "gql_status", "01N42",
                        "status_description", "two by two",
                        "neo4j_code", "Neo.ClientNotification.X.Y",
                        "title", "slow",
                        "description", "two by two",
                        "diagnostic_record", Map.of("_severity", "WARNING", "_classification", "PERFORMANCE")),
                statuses.get(0));
        assertEquals(
                Map.of("gql_status", "00000", "status_description", "note: successful completion"), statuses.get(1));
    }

    /** It has columns, and gives no rows. */
    @Test
    void explained() {
        Map<String, Object> plan = Map.of("operatorType", "ProduceResults");
        for (Map<String, Object> profile : Arrays.asList(null, plan)) {
            Summary summary = new Summary("r", Map.of(), List.of(), plan, profile, null, null);
            assertEquals(
                    profile == null ? "00001" : "02000",
                    statuses(summary.fields(BoltVersion.V5_6, QueryOutcome.NO_ROWS))
                            .get(0)
                            .get("gql_status"));
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"r", "w", "rw", "s"})
    void types(String type) {
        assertEquals(type, Summary.of(type).type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "R", "read", "wr", "r "})
    void whatIsNoType(String type) {
        IllegalArgumentException none = assertThrows(IllegalArgumentException.class, () -> Summary.of(type));
        assertTrue(none.getMessage().endsWith("(expected: r, w, rw or s)"), none::getMessage);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<?, ?>> statuses(Map<String, ?> fields) {
        return (List<Map<?, ?>>) fields.get("statuses");
    }
}
