package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeOptionsTest {

    private static BridgeOptions options(String name, Object value) {
        return BridgeOptions.fromJson(Fields.of(new JsonObject().put("port", 0).put(name, value)));
    }

    @Test
    void hasDefaults() {
        BridgeOptions options = options("host", "127.0.0.1");
        assertEquals(1_048_576, options.maxFrameBytes());
        assertEquals(64, options.maxJsonDepth());
        assertEquals(256, options.maxRequestsPerSocket());
        assertEquals(4_194_304, options.maxOutputBytes());
        assertEquals(25_000, options.defaultTimeoutMillis());
        assertEquals(600_000, options.maxTimeoutMillis());
        assertEquals(10_000, options.drainMillis());
        assertEquals(5_000, options("maxTimeoutMillis", 5_000).defaultTimeoutMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "::1", "127.0.0.1", "127.0.0.0", "127.255.255.255"})
    void servesThisMachine(String host) {
        assertEquals(host, options("host", host).endpoint().host());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "::",
                "10.0.0.1",
                "128.0.0.1",
                "127.0.0.256",
                "127.1",
                "127.0.0.1.example.org",
                "localhost.example.org",
                "127.0.0.1\n",
                "",
            })
    void servesNobodyElse(String host) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> options("host", host));
        assertTrue(refused.getMessage().startsWith("host: " + host), refused.getMessage());
        assertTrue(refused.getMessage().contains("not authenticated"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "maxFrameBytes,1023",
        "maxFrameBytes,16777217",
        "maxJsonDepth,1",
        "maxJsonDepth,1001",
        "maxRequestsPerSocket,0",
        "maxOutputBytes,65535",
        "defaultTimeoutMillis,0",
        "defaultTimeoutMillis,600001",
        "maxTimeoutMillis,86400001",
        "drainMillis,-1",
        "drainmillis,1",
        "permitAll,1",
    })
    void refusesWhatIsOutOfRangeOrUnknown(String name, long value) {
        FieldException refused = assertThrows(FieldException.class, () -> options(name, value));
        assertEquals(name, refused.path());
    }
}
