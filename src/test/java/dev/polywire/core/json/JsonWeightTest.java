package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Heap;
import dev.polywire.testing.InSmallJvm;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An estimate, so a few values whose weight is known, and a usual document beside the heap. */
class JsonWeightTest {

    private static final StrictJson READER = new StrictJson(10);

    @Test
    void eachValueCountsAndEachCharacter() {
        assertEquals(128, JsonWeight.of((Object) null));
        assertEquals(128, JsonWeight.of((Object) 7));
        assertEquals(131, JsonWeight.of("abc"));
        assertEquals(128 + 1 + 130, JsonWeight.of(new JsonObject().put("n", "ab")));
        assertEquals(3 * 128, JsonWeight.of(new JsonArray().add(1).add(2)));
        assertEquals(3 * 128, JsonWeight.of(List.of(List.of(), 1)));
        assertEquals(5, JsonWeight.of(Buffer.buffer("bytes")));
        assertEquals(128 + 5, JsonWeight.of(5, 1));
    }

    /** By a few of them a page with one long text weighed thirty times too much, or next to nothing. */
    @Test
    void ofManyItemsEachIsMeasured() {
        List<String> items = new ArrayList<>(Collections.nCopies(256, "text"));
        assertEquals(256 * 132, JsonWeight.items(items));
        items.set(64, "x".repeat(1_000_000));
        assertEquals(255 * 132 + 1_000_128, JsonWeight.items(items));
        assertEquals(0, JsonWeight.items(List.of()));
    }

    @Test
    @InSmallJvm
    void aUsualDocumentIsAsLargeInTheHeap() {
        long[] bytes = new long[1];
        Heap.requireNear(
                Heap.bytesOf(() -> {
                    List<JsonObject> documents = new ArrayList<>();
                    for (int n = 0; n < 20_000; n++) {
                        JsonObject document = document(n);
                        bytes[0] += JsonWeight.of(document);
                        documents.add(document);
                    }
                    return documents;
                }),
                bytes[0]);
    }

    /** As a stranger's document is read: its names are its own. */
    private static JsonObject document(int n) {
        return (JsonObject) READER.read(Buffer.buffer("{\"id\": " + n + ", \"name\": \"somebody " + n
                + "\", \"price\": 12.5, \"tags\": [\"first of three\", \"second\", \"third\"], \"address\": {\"street\": \"1 High Street\","
                + " \"city\": \"a city\"}}"));
    }
}
