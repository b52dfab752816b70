package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FerretDB behind TLS. */
class FerretTlsIT {

    private FerretBus bus;

    @BeforeEach
    void start() {
        bus = new FerretBus(FerretDb.withTls());
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void byOptions() {
        bus.deploy(FerretBus.user());
        assertLoggedIn();
    }

    @Test
    void byUri() {
        String trust = bus.server.settings().getJsonObject("tls").getString("trust");
        String uri = "mongodb://" + FerretDb.USER + ":" + FerretDb.PASSWORD + "@localhost:" + bus.server.port() + "/"
                + FerretDb.AUTH_SOURCE + "?tls=true&tlsCAFile=" + URLEncoder.encode(trust, StandardCharsets.UTF_8);
        Outcome.value(bus.deploying(new JsonObject().put("uri", uri)));
        assertLoggedIn();
    }

    private void assertLoggedIn() {
        JsonObject found = Outcome.value(bus.mongo().command("db", "find", new JsonObject().put("find", "x"), null));
        assertEquals(1.0, found.getDouble("ok"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"tls": {}}   ; UNAUTHENTICATED         ; CN=server-authority, which is not trusted
            {"tls": null} ; CONNECTION_LOST retryable; is it a port for TLS?
            """)
    void refused(String settings, String word, String said) {
        JsonObject other = bus.server.settings().mergeIn(new JsonObject(settings));
        ServiceException refused = (ServiceException) Outcome.failure(bus.deploying(other));
        assertEquals(word, Stage.word(refused));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }
}
