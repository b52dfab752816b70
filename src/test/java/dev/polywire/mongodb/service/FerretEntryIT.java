package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Canary;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in by a FerretDB with a user, as the only member of a replica set: by options and by a connection string. */
class FerretEntryIT {

    private static FerretBus bus;

    private String deployed;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.ofReplicaSet("rs0"));
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    @AfterEach
    void undeploy() {
        if (deployed != null) {
            Outcome.value(bus.vertx.undeploy(deployed));
        }
    }

    private static Future<JsonObject> find() {
        return bus.mongo().command("db", "find", new JsonObject().put("find", "things"), null);
    }

    /** @param settings beside port, user, password and authSource, or instead of them */
    private static JsonObject settings(String settings) {
        return bus.server.settings().mergeIn(FerretBus.user()).mergeIn(new JsonObject(settings));
    }

    /** @param behind what stands behind the port */
    private static JsonObject uri(String user, String behind) {
        return new JsonObject().put("uri", "mongodb://" + user + "@127.0.0.1:" + bus.server.port() + "/" + behind);
    }

    private void assertFinds(JsonObject settings) {
        deployed = Outcome.value(bus.deploying(settings));
        assertEquals(1.0, Outcome.value(find()).getDouble("ok"));
        assertFalse(Outcome.value(bus.mongo().status()).encode().contains(Canary.SONG));
    }

    private static void assertRefused(String word, String said, JsonObject settings) {
        ServiceException refused = (ServiceException) Outcome.failure(bus.deploying(settings));
        assertEquals(word, Stage.word(refused));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
        assertFalse(refused.getDebugInfo().encode().contains(Canary.SONG));
        assertFalse(refused.getMessage().contains(Canary.SONG));
    }

    /** FerretDB has no compression: none of what is offered is used. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {}
            {"authMechanism": "SCRAM-SHA-1"}
            {"authMechanism": "SCRAM-SHA-256", "checksum": true}
            {"replicaSet": "rs0"}
            {"compressors": ["zstd", "snappy", "zlib"]}
            {"w": 1, "journal": true}
            """)
    void byOptions(String settings) {
        assertFinds(settings(settings));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            users
            ?authSource=users
            users?authMechanism=SCRAM-SHA-1
            db?authSource=users&authMechanism=SCRAM-SHA-256
            users?replicaSet=rs0&compressors=zlib,snappy
            """)
    void byUri(String behind) {
        assertFinds(uri(FerretDb.USER + ":" + FerretDb.PASSWORD, behind));
    }

    @Test
    void passwordBesideTheUri() {
        assertFinds(uri(FerretDb.USER, "users").put("password", FerretDb.PASSWORD));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"password": "canary-7f3a-no"}                                  ; UNAUTHENTICATED ; SCRAM-SHA-256: refused by the server, code 18
            {"password": "canary-7f3a-no", "authMechanism": "SCRAM-SHA-1"}  ; UNAUTHENTICATED ; SCRAM-SHA-1: refused by the server, code 18
            {"user": "nobody"}                                              ; UNAUTHENTICATED ; code 18
            {"authSource": "admin"}                                         ; UNAUTHENTICATED ; code 18
            {"authSource": "$external", "authMechanism": "PLAIN", "plainWithoutTls": true} ; UNAUTHENTICATED ; PLAIN: refused by the server, code 18
            {"replicaSet": "rs1"}                                           ; UNAVAILABLE retryable ; replicaSet
            """)
    void refusedByOptions(String settings, String word, String said) {
        assertRefused(word, said, settings(settings));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ferret:canary-7f3a-no       ; users                ; UNAUTHENTICATED       ; code 18
            ferret:canary-7f3a-ferretdb ; ''                   ; UNAUTHENTICATED       ; code 18
            ferret:canary-7f3a-ferretdb ; users?replicaSet=rs1 ; UNAVAILABLE retryable ; replicaSet
            """)
    void refusedByUri(String user, String behind, String word, String said) {
        assertRefused(word, said, uri(user, behind));
    }

    /** Whom the server does not know may connect, and is refused each command. */
    @Test
    void nobody() {
        deployed = Outcome.value(bus.deploying(bus.server.settings()));
        ServiceException refused = (ServiceException) Outcome.failure(find());
        assertEquals("REFUSED_BY_SERVER", Stage.word(refused));
        assertEquals(13, refused.getDebugInfo().getJsonObject("server").getInteger("code"));
    }
}
