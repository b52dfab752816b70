package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoltOptionsTest {

    private static BoltOptions read(String json) {
        return BoltOptions.fromJson(Fields.of(new JsonObject(json.replace('\'', '"'))));
    }

    @Test
    void nothingIsALocalServerAndNobody() {
        BoltOptions options = read("{}");
        assertEquals("bolt://127.0.0.1:7687", options.target());
        assertEquals("none", options.client().auth().scheme());
        assertEquals(BoltOffer.DEFAULT, options.client().offer());
        assertNull(options.endpoint().tls());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'user':'u','password':'canary-1'}                                | {scheme=basic, principal=u, credentials=canary-1}",
                "{'auth':{'scheme':'none'}}                                        | {scheme=none}",
                "{'auth':{'scheme':'basic','user':'u','password':'canary-1','realm':'r'}} "
                        + "| {scheme=basic, principal=u, credentials=canary-1, realm=r}",
                "{'auth':{'scheme':'bearer','token':'canary-1'}}                   | {scheme=bearer, credentials=canary-1}",
                "{'auth':{'scheme':'kerberos','token':'canary-1'}} | {scheme=kerberos, principal=, credentials=canary-1}",
                "{'auth':{'scheme':'custom','name':'x','secret':'canary-1','parameters':{'a':1}}} "
                        + "| {scheme=x, credentials=canary-1, parameters={a=1}}",
            })
    void whoWeAreIsInTheTokenOnly(String json, String token) {
        BoltOptions options = read(json);
        assertEquals(token, options.client().auth().fields().toString());
        assertFalse(options.toString().contains("canary"), options::toString);
        // Another secret is another connector, though it looks the same.
        if (json.contains("canary")) {
            BoltOptions other = read(json.replace("canary-1", "canary-2"));
            assertNotEquals(options, other);
            assertEquals(options.toString(), other.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'uri':'http://127.0.0.1:7687'}               | uri: not one that can be used",
                "{'uri':'bolt://neo4j:canary@127.0.0.1:7687'}  | uri: not one that can be used",
                "{'uri':'bolt://neo4j:can ary@127.0.0.1:7687'} | uri: not one that can be used",
                "{'uri':'bolt://127.0.0.1:7687?a=b'}           | uri: not one that can be used",
                "{'user':'u'}                                  | password: missing",
                "{'password':'canary'}                         | user: missing",
                "{'user':'u','password':'canary','auth':{}}    | auth: beside user and password",
                "{'auth':{'scheme':'bearer'}}                  | auth.token: missing",
                "{'auth':{'scheme':'oauth'}}                   | auth.scheme: unknown",
                "{'auth':{'pasword':'canary'}}                 | auth.pasword: unknown field",
                "{'versions':['5.5']}                          | versions: one that nobody speaks",
                "{'versions':['1','3','4.0','4.4','5.8']}      | versions: too far apart",
                "{'maxConnections':0}                          | maxConnections: 0 (expected: 1 to 10000)",
                "{'prot':7687}                                 | prot: unknown field",
            })
    void whatIsWrongIsSaidWithoutSecrets(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read(json));
        assertTrue(bad.getMessage().startsWith(complaint), bad.getMessage());
        assertFalse(bad.getMessage().contains("canary") || bad.getMessage().contains("ary@"), bad.getMessage());
    }

    @Test
    void aSchemeWithPlusSIsTls() {
        BoltOptions options = read("{'uri':'neo4j+s://graph.example:7000?region=eu','versions':['4.4','5.8']}");
        assertEquals("neo4j+s://graph.example:7000", options.target());
        assertNotNull(options.endpoint().tls());
        assertEquals("[5.8, 4.4]", options.client().offer().versions().toString());
    }
}
