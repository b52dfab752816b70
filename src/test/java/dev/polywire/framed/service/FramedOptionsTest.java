package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.framed.wire.FramedLimits;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramedOptionsTest {

    @Test
    void defaults() {
        FramedOptions client = FramedOptions.client(Fields.of(new JsonObject("{\"port\":7117}")));
        assertEquals("polywire.framed", client.connector().address());
        assertEquals("127.0.0.1:7117", client.endpoint().target());
        assertEquals(FramedCodec.JSON, client.codec());
        assertEquals(16 * 16 * 1024 * 1024, client.maxValueBytes());
        assertEquals(new FramedLimits(16 * 1024 * 1024, 60_000), client.limits());
        FramedOptions server = FramedOptions.server(Fields.of(new JsonObject("{\"port\":7117}")));
        assertEquals("polywire.framed-server", server.connector().address());
        assertEquals(10_000, server.maxConnections());
        assertEquals(1_000, server.maxConnectionsPerAddress());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"more\":1}               | more: unknown field",
                "{\"tls\":{\"more\":1}}     | tls.more: unknown field",
                "{\"tls\":{\"key\":\"k\"}}  | tls.certificate: missing (expected: certificate and key, or neither)",
                "{\"tls\":true}             | tls: true (expected: an object)",
                "{\"codec\":\"yaml\"}       | codec: unknown (expected: one of [raw, utf8, json, cbor, pickle])",
                "{\"port\":70000}           | port: 70000 (expected: 0 to 65535)",
                "{\"port\":null}            | port: missing (expected: 0 to 65535)",
                "{\"maxFrameBytes\":0}      | maxFrameBytes: 0 (expected: 1 to 268435456)",
                "{\"maxValueBytes\":1023}    | maxValueBytes: 1023 (expected: 1024 to 1099511627776)",
                "{\"frameTimeoutMillis\":0} | frameTimeoutMillis: 0 (expected: 1 to 86400000)",
                "{\"idleTimeoutMillis\":-1} | idleTimeoutMillis: -1 (expected: 0 to 86400000)",
                "{\"maxOutputBytes\":0}     | maxOutputBytes: 0 (expected: 1 to 1073741824)",
                "{\"slowPeerMillis\":0}     | slowPeerMillis: 0 (expected: 1 to 86400000)",
                "{\"correlation\":1}        | correlation: 1 (expected: true or false)",
                "{\"maxOutstanding\":0}     | maxOutstanding: 0 (expected: 1 to 100000)",
                "{\"host\":1}               | host: 1 (expected: a string)",
            })
    void mistakes(String field, String complaint) {
        JsonObject config = new JsonObject().put("port", 1).mergeIn(new JsonObject(field));
        assertEquals(
                complaint,
                assertThrows(FieldException.class, () -> FramedOptions.client(Fields.of(config)))
                        .getMessage());
        assertEquals(
                complaint,
                assertThrows(FieldException.class, () -> FramedOptions.server(Fields.of(config)))
                        .getMessage());
    }

    @Test
    void limitsOfAConnection() {
        JsonObject config = new JsonObject("{\"port\":1,\"maxFrameBytes\":100,\"maxOutstanding\":5}");
        FramedLimits plain = FramedOptions.client(Fields.of(config)).limits();
        assertEquals(new FramedLimits(100, 60_000), plain);
        assertEquals(100, plain.maxOutputBytes());
        config.put("correlation", true)
                .put("idleTimeoutMillis", 1)
                .put("maxOutputBytes", 2)
                .put("slowPeerMillis", 3);
        assertEquals(
                new FramedLimits(100, 60_000, 1, 2, 3, 5),
                FramedOptions.server(Fields.of(config)).limits());
    }

    @Test
    void onlyAServerHasManyConnections() {
        JsonObject config = new JsonObject("{\"port\":1,\"maxConnections\":0}");
        assertEquals(
                "maxConnections: 0 (expected: 1 to 1000000)",
                assertThrows(FieldException.class, () -> FramedOptions.server(Fields.of(config)))
                        .getMessage());
        assertEquals(
                "maxConnections: unknown field",
                assertThrows(FieldException.class, () -> FramedOptions.client(Fields.of(config)))
                        .getMessage());
    }
}
