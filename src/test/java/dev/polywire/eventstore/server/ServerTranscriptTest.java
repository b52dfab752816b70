package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.Transcript;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our server says what a real one has said. */
class ServerTranscriptTest {

    /** Beginnings of names. */
    private static final List<String> CONVERSATION = List.of(
            "auth-",
            "bad-",
            "correlation-",
            "empty-payload-",
            "flag-",
            "garbage-",
            "half-",
            "heartbeat-",
            "identify-",
            "length-",
            "ping",
            "pong",
            "scavenge",
            "server-shutdown",
            "subscribe-",
            "unknown-command-");

    private static final List<String> STORE = List.of(
            "write-",
            "idempotent-",
            "hard-",
            "soft-",
            "delete-",
            "recreate-",
            "transaction-",
            "read-",
            "links-",
            "access-",
            "unknown-fields");

    private static final List<String> PERSISTENT = List.of("ps-");

    private static final List<String> CLUSTER = List.of("cluster-");

    private static Stream<Transcript> recordings() {
        List<String> names = Stream.of(CONVERSATION, STORE, PERSISTENT, CLUSTER)
                .flatMap(List::stream)
                .toList();
        return Transcript.all().stream()
                .filter(each -> names.stream()
                        .anyMatch(name -> each.name()
                                .substring(each.name().indexOf('/') + 1)
                                .startsWith(name)));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void itsAnswersAreThoseOfARealServer(Transcript recording) {
        ServerReplay.of(RecordedRaces.without(recording));
    }
}
