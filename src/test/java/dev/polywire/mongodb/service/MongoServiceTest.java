package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands over the bus, with a server of others that runs in this JVM. */
class MongoServiceTest extends MongoCases {

    private static final RealMongo REAL = new RealMongo();

    private final MongoService mongo = REAL.mongo();

    @Override
    Vertx vertx() {
        return REAL.vertx;
    }

    @Override
    MongoService mongo() {
        return mongo;
    }

    @AfterAll
    static void close() {
        REAL.close();
    }

    @Test
    void largeIntegersSurvive() {
        JsonObject document = new JsonObject()
                .put("plain", 9_007_199_254_740_993L)
                .put("typed", new JsonObject().put("$numberLong", "-9223372036854775808"))
                .put("small", new JsonObject().put("$numberLong", "5"));
        insert(document);
        JsonObject relaxed = find(new JsonObject()).getJsonObject(0);
        assertEquals(new JsonObject().put("$numberLong", "9007199254740993"), relaxed.getValue("plain"));
        assertEquals(document.getValue("typed"), relaxed.getValue("typed"));
        assertEquals(5, relaxed.getInteger("small"));
        assertEquals(
                9_007_199_254_740_993L,
                REAL.driver(things).find().first().getInt64("plain").getValue());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ''          ; find ; {"find": "x"}                        ;                      ; database
            a.b         ; find ; {"find": "x"}                        ;                      ; database
            $external   ; find ; {"find": "x"}                        ;                      ; database
            db          ; find ; {"count": "x"}                       ;                      ; find: absent
            db          ; ''   ; {"find": "x"}                        ;                      ; absent
            db          ; find ; {"find": "x", "$db": "admin"}        ;                      ; $db: present
            db          ; find ; {"find": "x", "a": {"$oid": "12"}}   ;                      ; $oid
            db          ; find ; {"find": "x"}                        ; {"canonical": 1}     ; options.canonical
            db          ; find ; {"find": "x"}                        ; {"cannonical": true} ; options.cannonical
            """)
    void badRequest(String database, String name, String arguments, String options, String said) {
        JsonObject read = options == null ? null : new JsonObject(options);
        ServiceException bad =
                (ServiceException) Outcome.failure(mongo.command(database, name, new JsonObject(arguments), read));
        assertEquals("BAD_REQUEST", Stage.word(bad));
        assertTrue(bad.getMessage().contains(said), bad.getMessage());
        ServiceException open =
                (ServiceException) Outcome.failure(mongo.open(database, name, new JsonObject(arguments), read));
        assertEquals("BAD_REQUEST", Stage.word(open));
    }
}
