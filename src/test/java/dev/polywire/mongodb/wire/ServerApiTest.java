package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.bson.BsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerApiTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            -     ; -     ; {ping: 1, $db: 'a', apiVersion: '1'}
            true  ; -     ; {ping: 1, $db: 'a', apiVersion: '1', apiStrict: true}
            false ; true  ; {ping: 1, $db: 'a', apiVersion: '1', apiStrict: false, apiDeprecationErrors: true}
            -     ; false ; {ping: 1, $db: 'a', apiVersion: '1', apiDeprecationErrors: false}
            """)
    void fields(Boolean strict, Boolean deprecationErrors, String expected) {
        Buffer command = Documents.bson("{ping: 1, $db: 'a'}");
        Buffer with = new ServerApi("1", strict, deprecationErrors).addTo(command);
        BsonBounds.check(with);
        assertEquals(Documents.bson(BsonDocument.parse(expected)), with);
        assertEquals(Documents.bson("{ping: 1, $db: 'a'}"), command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{ping: 1, apiVersion: '1'}", "{ping: 1, apiStrict: 1}", "{ping: 1, apiDeprecationErrors: 1}"})
    void theyAreNotTheCallers(String command) {
        ServerApi api = new ServerApi("1", null, null);
        assertThrows(ProtocolException.class, () -> api.addTo(Documents.bson(command)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "01"})
    void thereIsOneVersion(String version) {
        assertThrows(IllegalArgumentException.class, () -> new ServerApi(version, null, null));
    }
}
