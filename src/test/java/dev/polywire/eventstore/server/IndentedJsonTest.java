package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's own JSON. */
class IndentedJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\"\\/", "\n\r\t\b\f", "\u0000\u001f\u007f", "\u0085\u2028\u2029", "größe 🐴", "</script>'"})
    void textsAreReadAsTheyWere(String text) {
        String json = new IndentedJson().with(text, text).toString();
        assertEquals(new JsonObject().put(text, text), new JsonObject(json));
        assertEquals(3, json.lines().count(), "no text ends a line");
    }

    @Test
    void objectsInAnObjectAreIndented() {
        assertEquals(
                """
                {
                  "all": [
                    {
                      "a": 1
                    },
                    {}
                  ],
                  "yes": true
                }\
                """,
                new IndentedJson()
                        .with("all", List.of(new IndentedJson().with("a", 1), new IndentedJson().with("b", 0)))
                        .with("no", false)
                        .with("yes", true)
                        .toString());
    }
}
