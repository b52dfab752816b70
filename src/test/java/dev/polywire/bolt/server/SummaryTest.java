package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final Summary NOTED = Summary.READ.with(
            List.of(ServerNotification.warning("Neo.ClientNotification.X.Y", "slow", "two by two", "PERFORMANCE")));

    @Test
    void onlyWhatThereIsToSay() {
        assertEquals(Map.of(), Summary.EMPTY.fields(BoltVersion.V1));
        assertEquals(Map.of("type", "r"), Summary.READ.fields(BoltVersion.V6_1));
        assertEquals(
                Map.of("type", "w", "stats", Map.of("nodes-created", 1L), "bookmark", "b"),
                Summary.wrote(Map.of("nodes-created", 1L)).with("b").fields(BoltVersion.V5_8));
    }

    @Test
    void notificationsOfOldAndNewVersions() {
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
                NOTED.fields(BoltVersion.V5_4));
        List<?> statuses = (List<?>) NOTED.fields(BoltVersion.V5_6).get("statuses");
        assertEquals("00000", ((Map<?, ?>) statuses.get(0)).get("gql_status"));
        assertEquals(
                Map.of("_severity", "WARNING", "_classification", "PERFORMANCE"),
                ((Map<?, ?>) statuses.get(1)).get("diagnostic_record"));
    }
}
