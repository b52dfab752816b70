package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FerretDB behind TLS. */
class FerretTlsIT {

    private static FerretBus bus;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.withTls());
    }

    @AfterAll
    static void close() {
        bus.close();
    }

    @Test
    void ping() {
        bus.deploy(new JsonObject());
        assertEquals(1.0, Outcome.value(bus.mongo().ping()).getDouble("ok"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"tls": {}}   ; UNAUTHENTICATED         ; CN=server-authority, which is not trusted
            {"tls": null} ; CONNECTION_LOST retryable; is it a port for TLS?
            """)
    void refused(String settings, String word, String said) {
        JsonObject other = new JsonObject(settings).put("address", "polywire.refused");
        ServiceException refused = (ServiceException) Outcome.failure(bus.deploying(other));
        assertEquals(word, Stage.word(refused));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }
}
