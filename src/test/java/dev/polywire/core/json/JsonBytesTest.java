package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonBytesTest {

    @Test
    void valuesAndTheirTextsCount() {
        assertEquals(128, JsonBytes.of(null));
        assertEquals(128, JsonBytes.of(1));
        assertEquals(128 + 3, JsonBytes.of("abc"));
        assertEquals(128 + 5, JsonBytes.of(Buffer.buffer("bytes")));
        assertEquals(3 * 128 + 4 + 2, JsonBytes.of(new JsonObject().put("name", new JsonArray().add("ab"))));
        assertEquals(3 * 128 + 4 + 2, JsonBytes.of(Map.of("name", List.of("ab"))));
    }
}
