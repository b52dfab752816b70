package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.HandshakeTest.version;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltTransitions.Outcome;
import dev.polywire.bolt.wire.BoltTransitions.Transition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of the conversation, said again row by row with first and last version, and compared for every version. */
class BoltTransitionsTest {

    private static final String TABLE = """
            NEGOTIATION    INIT        SUCCESS READY          1   2
            NEGOTIATION    INIT        FAILURE DEFUNCT        1   2
            NEGOTIATION    HELLO       SUCCESS READY          3   5.0
            NEGOTIATION    HELLO       SUCCESS AUTHENTICATION 5.1 6.1
            NEGOTIATION    HELLO       FAILURE DEFUNCT        3   6.1
            AUTHENTICATION LOGON       SUCCESS READY          5.1 6.1
            AUTHENTICATION LOGON       FAILURE DEFUNCT        5.1 6.1
            READY          LOGOFF      SUCCESS AUTHENTICATION 5.1 6.1
            READY          LOGOFF      FAILURE FAILED         5.1 6.1
            READY          RUN         OPEN    STREAMING      1   6.1
            READY          RUN         FAILURE FAILED         1   6.1
            READY          BEGIN       SUCCESS TX_READY       3   6.1
            READY          BEGIN       FAILURE FAILED         3   6.1
            READY          ROUTE       SUCCESS READY          4.3 6.1
            READY          ROUTE       FAILURE FAILED         4.3 6.1
            READY          TELEMETRY   SUCCESS READY          5.4 6.1
            READY          TELEMETRY   FAILURE FAILED         5.4 6.1
            STREAMING      PULL        SUCCESS READY          1   6.1
            STREAMING      PULL        OPEN    STREAMING      4.0 6.1
            STREAMING      PULL        FAILURE FAILED         1   6.1
            STREAMING      DISCARD     SUCCESS READY          1   6.1
            STREAMING      DISCARD     OPEN    STREAMING      4.0 6.1
            STREAMING      DISCARD     FAILURE FAILED         1   6.1
            TX_READY       RUN         OPEN    TX_STREAMING   3   6.1
            TX_READY       RUN         FAILURE FAILED         3   6.1
            TX_READY       COMMIT      SUCCESS READY          3   6.1
            TX_READY       COMMIT      FAILURE FAILED         3   6.1
            TX_READY       ROLLBACK    SUCCESS READY          3   6.1
            TX_READY       ROLLBACK    FAILURE FAILED         3   6.1
            TX_STREAMING   RUN         OPEN    TX_STREAMING   4.0 6.1
            TX_STREAMING   RUN         FAILURE FAILED         4.0 6.1
            TX_STREAMING   PULL        SUCCESS TX_READY       3   6.1
            TX_STREAMING   PULL        OPEN    TX_STREAMING   4.0 6.1
            TX_STREAMING   PULL        FAILURE FAILED         3   6.1
            TX_STREAMING   DISCARD     SUCCESS TX_READY       3   6.1
            TX_STREAMING   DISCARD     OPEN    TX_STREAMING   4.0 6.1
            TX_STREAMING   DISCARD     FAILURE FAILED         3   6.1
            FAILED         ACK_FAILURE SUCCESS READY          1   2
            FAILED         ACK_FAILURE FAILURE DEFUNCT        1   2
            """;

    static List<BoltVersion> versions() {
        return BoltVersion.ALL;
    }

    @ParameterizedTest
    @MethodSource("versions")
    void table(BoltVersion version) {
        Set<Transition> expected = new HashSet<>();
        TABLE.lines()
                .map(line -> line.split(" +"))
                .filter(row ->
                        version.atLeast(version(row[4])) && version(row[5]).atLeast(version))
                .forEach(row -> expected.add(new Transition(
                        BoltState.valueOf(row[0]),
                        BoltMessage.valueOf(row[1]),
                        Outcome.valueOf(row[2]),
                        BoltState.valueOf(row[3]))));
        expected.addAll(resets());
        expected.addAll(ignored(version));
        expected.addAll(goodbyes(version));
        assertEquals(expected, new HashSet<>(BoltTransitions.of(version).all()));
    }

    /** From READY on a RESET is always possible. */
    private static List<Transition> resets() {
        return inUse().flatMap(state -> Stream.of(
                        new Transition(state, BoltMessage.RESET, Outcome.ARRIVED, BoltState.INTERRUPTED),
                        new Transition(state, BoltMessage.RESET, Outcome.SUCCESS, BoltState.READY),
                        new Transition(state, BoltMessage.RESET, Outcome.FAILURE, BoltState.DEFUNCT)))
                .toList();
    }

    private static List<Transition> ignored(BoltVersion version) {
        return Stream.of(BoltMessage.values())
                .filter(message -> message.isIn(version) && message != BoltMessage.GOODBYE)
                .flatMap(message -> Stream.of(BoltState.FAILED, BoltState.INTERRUPTED)
                        .filter(state -> state == BoltState.INTERRUPTED
                                || message != BoltMessage.RESET && message != BoltMessage.ACK_FAILURE)
                        .map(state -> new Transition(state, message, Outcome.IGNORED, state)))
                .toList();
    }

    private static List<Transition> goodbyes(BoltVersion version) {
        Stream<BoltState> all = Stream.concat(Stream.of(BoltState.NEGOTIATION, BoltState.AUTHENTICATION), inUse());
        return version.hasTransactions()
                ? all.map(state -> new Transition(state, BoltMessage.GOODBYE, Outcome.ARRIVED, BoltState.DEFUNCT))
                        .toList()
                : List.of();
    }

    private static Stream<BoltState> inUse() {
        return Stream.of(
                BoltState.READY,
                BoltState.STREAMING,
                BoltState.TX_READY,
                BoltState.TX_STREAMING,
                BoltState.FAILED,
                BoltState.INTERRUPTED);
    }

    /** Each state before the end can be left, and none of the last. */
    @ParameterizedTest
    @MethodSource("versions")
    void noStateIsAnEndButTheLast(BoltVersion version) {
        BoltTransitions table = BoltTransitions.of(version);
        table.all()
                .forEach(row -> assertTrue(
                        row.to() == BoltState.DEFUNCT
                                || Stream.of(BoltMessage.values()).anyMatch(message -> table.allows(row.to(), message)),
                        row::toString));
        assertTrue(Stream.of(BoltMessage.values()).noneMatch(message -> table.allows(BoltState.DEFUNCT, message)));
    }

    @Test
    void unknownVersion() {
        assertThrows(IllegalArgumentException.class, () -> BoltTransitions.of(new BoltVersion(5, 5)));
    }
}
