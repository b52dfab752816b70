package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.server.ServerBounds;
import dev.polywire.bolt.server.ServerNames;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingOptionsTest {

    private static ServingOptions read(String more) {
        JsonObject least = new JsonObject().put("port", 7688).put("handler", "graph");
        return ServingOptions.fromJson(Fields.of(least.mergeIn(new JsonObject(more.replace('\'', '"')))));
    }

    @Test
    void aPortAndAHandlerAreEnough() {
        ServingOptions options = read("{}");
        assertEquals("polywire.bolt-server", options.connector().address());
        assertEquals("127.0.0.1:7688", options.endpoint().target());
        assertEquals(ServerBounds.DEFAULT, options.bounds());
        assertEquals(BoltOffer.ALL, options.server().offer());
        assertTrue(options.server().agent().startsWith("Neo4j/"));
        assertEquals(ServerNames.DEFAULT, options.names());
    }

    @Test
    void names() {
        ServerNames names = read("{'advertised': '[2001:db8::1]:7687', 'database': 'movies'}")
                .names();
        assertEquals(new ServerNames(new BoltAddress("2001:db8::1", 7687), "movies"), names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'handler': null}                      | handler: missing",
                "{'handler': ''}                        | handler: empty, reserved or our own",
                "{'handler': 'polywire.bolt-server'}    | handler: empty, reserved or our own",
                "{'handler': 'polywire.leaving'}        | handler: empty, reserved or our own",
                "{'agent': 'AsyncBolt/1.0'}             | agent: one that drivers refuse",
                "{'versions': ['5.5']}                  | versions: one that nobody speaks",
                "{'advertised': 'graph.test:x'}         | advertised: no address (expected: host:port)",
                "{'advertised': ''}                     | advertised: no address (expected: host:port)",
                "{'database': ''}                       | database: empty (expected: a name)",
                "{'authentication': 'yes'}              | authentication: a string",
                "{'maxWrongLogins': 0}                  | maxWrongLogins: 0 (expected: 1 to 1000)",
                "{'handlerTimeoutMillis': 0}            | handlerTimeoutMillis: 0 (expected: 1 to 86400000)",
                "{'more': 1}                            | more: unknown field",
            })
    void whatIsWrongIsSaid(String json, String complaint) {
        FieldException wrong = assertThrows(FieldException.class, () -> read(json));
        assertTrue(wrong.getMessage().startsWith(complaint), wrong::getMessage);
    }
}
