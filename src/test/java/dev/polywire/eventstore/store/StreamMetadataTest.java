package dev.polywire.eventstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamMetadataTest {

    private static StoredEvent event(int contentType, String data) {
        return new StoredEvent(
                "$$s",
                0,
                UUID.randomUUID(),
                "$metadata",
                contentType,
                Buffer.buffer(data),
                Buffer.buffer(),
                0,
                new Position(0, 0));
    }

    private static StreamMetadata read(String json) {
        return StreamMetadata.of(event(NewEvent.JSON, json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                              | null | null | null",
                "{'$maxCount':3}                 | 3    | null | null",
                "{'$maxAge':60}                  | null | 60   | null",
                "{'$tb':0}                       | null | null | 0",
                "{'$tb':9223372036854775807}     | null | null | 9223372036854775807",
                "{'$maxCount':3,'mine':{'a':[]}} | 3    | null | null",
                "{'$cacheControl':5,'$tb':2}     | null | null | 2",
                "{'$tmp':true,'$tb':2}           | null | null | 2",
            })
    void whatItSays(String json, String maxCount, String maxAge, String truncateBefore) {
        StreamMetadata read = read(json);

        assertEquals(maxCount, String.valueOf(read.maxCount()));
        assertEquals(maxAge, String.valueOf(read.maxAgeSeconds()));
        assertEquals(truncateBefore, String.valueOf(read.truncateBefore()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "null",
                "[]",
                "'text'",
                "{'$maxCount':3} x",
                "{'$maxCount':0}",
                "{'$maxCount':-1}",
                "{'$maxCount':'3'}",
                "{'$maxCount':3.5}",
                "{'$maxCount':null}",
                "{'$maxCount':9223372036854775808}",
                "{'$maxAge':0}",
                "{'$maxAge':922337203686}",
                "{'$tb':-1}",
                "{'$tb':3,'$cacheControl':0}",
                "{'$tb':3,'$acl':5}",
                "{'$tb':3,'$acl':{'$r':5}}",
                "{'$tb':3,'$acl':{'$r':[null,5]}}",
                "{'$tb':3,'$acl':{'$r':null}}",
            })
    void whatCannotBeUnderstoodSaysNothing(String json) {
        assertEquals(StreamMetadata.NONE, read(json));
    }

    @Test
    void eventsThatDoNotSayTheyAreJsonAreNot() {
        assertEquals(StreamMetadata.NONE, StreamMetadata.of(event(NewEvent.BINARY, "{\"$maxCount\":3}")));
    }

    /** A client's document that would be much larger as objects, or deeper than the stack. */
    @Test
    void hostileDocumentsAreNone() {
        assertEquals(StreamMetadata.NONE, read("[".repeat(1_000)));
        assertEquals(StreamMetadata.NONE, read("{'$acl':{'$r':[" + "'',".repeat(1_000_000) + "'']}}"));
        assertEquals(StreamMetadata.NONE, read("{'$maxCount':" + "9".repeat(1_000_000) + "}"));
    }

    @Test
    void theMinimumIsTheLargerOne() {
        assertEquals(0, read("{}").minimum(9));
        assertEquals(8, read("{'$maxCount':2}").minimum(9));
        assertEquals(0, read("{'$maxCount':20}").minimum(9));
        assertEquals(8, read("{'$maxCount':2,'$tb':3}").minimum(9));
        assertEquals(12, read("{'$maxCount':2,'$tb':12}").minimum(9));
        assertEquals(0, read("{'$maxCount':9223372036854775807}").minimum(9));
    }
}
