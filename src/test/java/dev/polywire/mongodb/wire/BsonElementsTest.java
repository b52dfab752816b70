package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields found in place: as if the keys were decoded and the values read. */
class BsonElementsTest {

    private static final List<String> NAMES = List.of(
            "", "o", "ok", "okay", "Ok", "ko", "ö", "oö", "öo", "öö", "k\u00f6", "\u20ac", "\ud83d\ude00", "ok\0");

    @Test
    void aKeyIsANameWhenTheTextsAreEqual() {
        for (String key : NAMES.subList(0, NAMES.size() - 1)) {
            BsonElements elements = new BsonElements(document(key), 0);
            assertTrue(elements.next());
            for (String name : NAMES) {
                assertEquals(key.equals(name), elements.is(name), () -> key + " " + name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            true                               ; true
            false                              ; false
            1                                  ; true
            -1                                 ; true
            0                                  ; false
            {$numberLong: '4294967296'}        ; true
            {$numberLong: '0'}                 ; false
            0.5                                ; true
            0.0                                ; false
            -0.0                               ; false
            {$numberDouble: 'NaN'}             ; true
            "true"                             ; false
            null                               ; false
            {$numberDecimal: '1'}              ; false
            {a: 1}                             ; false
            """)
    void truth(String value, boolean isTrue) {
        Buffer document = Documents.bson("{a: 0, ok: " + value + "}");
        assertEquals(isTrue, HelloReply.isOk(document));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {}                                 ; ''
            {b: 'x'}                           ; ''
            {a: 1}                             ; ''
            {a: 1, a: 'x'}                     ; x
            {aa: 'y', a: 'äöü€'}               ; äöü€
            {b: {a: 'y'}, a: ''}               ; ''
            """)
    void text(String document, String expected) {
        assertEquals(expected, BsonFields.text(Documents.bson(document), "a"));
    }

    /** Those of the table, and what is like one of them. */
    @Test
    void aKnownNameIsTheFirstFields() {
        assertTrue(CommandKind.known().count() > 40);
        CommandKind.known()
                .flatMap(known ->
                        List.of(known, known + "x", known.substring(1), known.toUpperCase(Locale.ROOT), known + "ö")
                                .stream())
                .forEach(name -> assertEquals(name, BsonFields.firstName(document(name))));
    }

    private static Buffer document(String key) {
        return Documents.bson(new BsonDocument(key, new BsonInt32(1)));
    }
}
