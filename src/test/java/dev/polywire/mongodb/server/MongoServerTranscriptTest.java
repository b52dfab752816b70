package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.wire.MongoTranscript;
import dev.polywire.mongodb.wire.MongoTranscript.Spoken;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our server answers what official drivers have said to another, in the form that they expect. */
class MongoServerTranscriptTest {

    /** As the recorded one; the version is the one of which the drivers know. The recorded proofs belong to another salt. */
    private static final Map<String, String> SERVERS = Map.of(
            "plain", "{}",
            "SCRAM", "{'user': 'joe', 'password': 'canary'}",
            "full",
                    "{'compressors': ['snappy', 'zstd', 'zlib'], 'maxAwaitMillis': 1, 'hello': {'topologyVersion':"
                            + " {'processId': {'$oid': '0123456789abcdef01234567'}, 'counter': {'$numberLong': '0'}}}}");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** How many requests of each recording were answered: all but those that want no answer. */
    @ParameterizedTest
    @CsvSource({
        "go-2.10.0, plain, 12",
        "go-2.10.0, SCRAM, 12",
        "go-2.10.0, full, 13",
        "java-sync-5.14.0, plain, 10",
        "java-sync-5.14.0, SCRAM, 12",
        "java-sync-5.14.0, full, 14",
        "node-6.22.0, plain, 11",
        "node-7.9.0, plain, 10",
        "node-7.9.0, SCRAM, 11",
        "node-7.9.0, full, 11",
        "pymongo-4.20.1, plain, 12",
        "pymongo-4.20.1, SCRAM, 13",
        "pymongo-4.20.1, full, 13",
        "rust-3.9.1, plain, 12",
        "rust-3.9.1, SCRAM, 8",
        "rust-3.9.1, full, 14",
    })
    void answersInTheFormOfTheRequest(String driver, String part, int answered) {
        List<Spoken> recorded = MongoTranscript.all().stream()
                .filter(each -> each.driver().equals(driver))
                .flatMap(each -> each.messages().stream())
                .filter(each -> each.part().equals(part))
                .toList();
        SmallMongoOptions options =
                SmallMongoMain.options(new JsonObject(SERVERS.get(part).replace('\'', '"')));
        int port = Outcome.value(new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), options).listen());
        try (MongoReplay replay = new MongoReplay(port, recorded, !part.equals("SCRAM"))) {
            assertEquals(answered, replay.play());
        }
    }
}
