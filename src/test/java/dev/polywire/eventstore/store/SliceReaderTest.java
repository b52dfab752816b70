package dev.polywire.eventstore.store;

import static dev.polywire.eventstore.store.StoreEvents.ANY;
import static dev.polywire.eventstore.store.StoreEvents.events;
import static dev.polywire.eventstore.store.StoreEvents.metadata;
import static dev.polywire.eventstore.store.StoreEvents.names;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadEventResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SliceReaderTest {

    private static final String NAME = "s";

    private long now = 1_795_000_000_000L;
    private final StreamStore store = new StreamStore(() -> now);
    private final SliceReader reader = new SliceReader(store);

    private static String words(StreamSlice slice) {
        return slice.error() != null
                ? slice.error().replace('\n', ' ')
                : slice.result() + " [" + names(slice.events()).replace("@s", "") + "] next " + slice.next() + " last "
                        + slice.last() + " end " + slice.isEnd();
    }

    /** Section B5.4, on five events; a row may say what its metadata are. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FORWARD  | {}              | 0  | 100  | SUCCESS [0 1 2 3 4] next 5 last 4 end true",
                "FORWARD  | {}              | 0  | 5    | SUCCESS [0 1 2 3 4] next 5 last 4 end true",
                "FORWARD  | {}              | 0  | 4    | SUCCESS [0 1 2 3] next 4 last 4 end false",
                "FORWARD  | {}              | 4  | 1    | SUCCESS [4] next 5 last 4 end true",
                "FORWARD  | {}              | 5  | 1    | SUCCESS [] next 5 last 4 end true",
                "FORWARD  | {}              | 50 | 1    | SUCCESS [] next 5 last 4 end true",
                "FORWARD  | {}              | 9223372036854775807 | 1  | SUCCESS [] next 5 last 4 end true",
                "FORWARD  | {}              | 9223372036854775807 | 2  | SUCCESS [] next 0 last 4 end false",
                "FORWARD  | {}              | -1 | 1    | fromEventNumber should be non negative. Parameter name: fromEventNumber",
                "FORWARD  | {}              | 0  | 0    | maxCount should be positive. Parameter name: maxCount",
                "FORWARD  | {}              | 0  | -5   | maxCount should be positive. Parameter name: maxCount",
                "FORWARD  | {'$maxCount':2} | 0  | 2    | SUCCESS [] next 3 last 4 end false",
                "FORWARD  | {'$maxCount':2} | 0  | 4    | SUCCESS [3] next 4 last 4 end false",
                "FORWARD  | {'$maxCount':2} | 0  | 5    | SUCCESS [3 4] next 5 last 4 end true",
                "FORWARD  | {'$maxCount':9} | 0  | 5    | SUCCESS [0 1 2 3 4] next 5 last 4 end true",
                "FORWARD  | {'$tb':10}      | 0  | 2    | SUCCESS [] next 10 last 4 end false",
                "FORWARD  | {'$tb':10}      | 0  | 100  | SUCCESS [] next 5 last 4 end true",
                "FORWARD  | {'$tb':10}      | 10 | 100  | SUCCESS [] next 5 last 4 end true",
                "FORWARD  | {'$tb':3,'$maxCount':4} | 0 | 9 | SUCCESS [3 4] next 5 last 4 end true",
                "BACKWARD | {}              | -1 | 100  | SUCCESS [4 3 2 1 0] next -1 last 4 end true",
                "BACKWARD | {}              | 4  | 5    | SUCCESS [4 3 2 1 0] next -1 last 4 end true",
                "BACKWARD | {}              | 4  | 4    | SUCCESS [4 3 2 1] next 0 last 4 end false",
                "BACKWARD | {}              | 0  | 4    | SUCCESS [0] next -1 last 4 end true",
                "BACKWARD | {}              | 6  | 2    | SUCCESS [] next 4 last 4 end false",
                "BACKWARD | {}              | 5  | 2    | SUCCESS [4] next 3 last 4 end false",
                "BACKWARD | {}              | 9223372036854775807 | 2 | SUCCESS [] next 4 last 4 end false",
                "BACKWARD | {}              | -1 | 0    | maxCount should be positive. Parameter name: maxCount",
                "BACKWARD | {'$maxCount':2} | -1 | 100  | SUCCESS [4 3] next -1 last 4 end true",
                "BACKWARD | {'$maxCount':2} | -1 | 1    | SUCCESS [4] next 3 last 4 end false",
                "BACKWARD | {'$maxCount':2} | 3  | 1    | SUCCESS [3] next -1 last 4 end true",
                "BACKWARD | {'$maxCount':2} | 2  | 10   | SUCCESS [] next -1 last 4 end true",
                "BACKWARD | {'$tb':10}      | -1 | 10   | SUCCESS [] next -1 last 4 end true",
                "FORWARD  | {'$tb':9223372036854775807} | 0 | 10 | NO_STREAM [] next -1 last 4 end true",
                "BACKWARD | {'$tb':9223372036854775807} | -1 | 10 | NO_STREAM [] next -1 last 4 end true",
            })
    void theEdgesOfAStream(ReadDirection direction, String metadata, long from, int maxCount, String expected) {
        store.write(NAME, ANY, events(1, 2, 3, 4, 5));
        if (!metadata.equals("{}")) {
            metadata(store, NAME, metadata.replace('\'', '"'));
        }
        assertEquals(expected, words(reader.slice(direction, NAME, from, maxCount)));
    }

    @Test
    void noStreamAndOneThatIsGone() {
        assertEquals("NO_STREAM [] next -1 last -1 end true", words(reader.slice(ReadDirection.FORWARD, NAME, 0, 5)));
        store.deleteForEver(NAME, ANY);
        for (ReadDirection each : ReadDirection.values()) {
            assertEquals(
                    "STREAM_DELETED [] next -1 last 9223372036854775807 end true",
                    words(reader.slice(each, NAME, 0, 5)));
        }
    }

    /** Whatever the metadata and the size of a page, its pages have together what can be read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"$maxCount\":1}",
                "{\"$maxCount\":7}",
                "{\"$tb\":13}",
                "{\"$maxAge\":5}",
                "{\"$maxAge\":5,\"$maxCount\":4}",
                "{\"$maxAge\":1}",
                "{\"$tb\":99}"
            })
    void pagesTogetherAreTheStream(String metadata) {
        for (int i = 0; i < 20; i++) {
            store.write(NAME, ANY, events(i));
            now += 500;
        }
        now += 1_000;
        metadata(store, NAME, metadata);
        List<StoredEvent> all = store.page(NAME, 0, 100);
        for (int size = 1; size <= 25; size++) {
            assertEquals(all, pages(ReadDirection.FORWARD, 0, size), "forward by " + size);
            List<StoredEvent> turned = pages(ReadDirection.BACKWARD, -1, size);
            Collections.reverse(turned);
            assertEquals(all, turned, "backward by " + size);
        }
    }

    private List<StoredEvent> pages(ReadDirection direction, long from, int size) {
        List<StoredEvent> all = new ArrayList<>();
        StreamSlice slice = reader.slice(direction, NAME, from, size);
        all.addAll(slice.events());
        for (int i = 0; !slice.isEnd() && i < 100; i++) {
            slice = reader.slice(direction, NAME, slice.next(), size);
            all.addAll(slice.events());
        }
        assertEquals(true, slice.isEnd());
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}              | 0  | SUCCESS 0@s",
                "{}              | -1 | SUCCESS 4@s",
                "{}              | 5  | NOT_FOUND",
                "{'$maxCount':2} | 2  | NOT_FOUND",
                "{'$maxCount':2} | 3  | SUCCESS 3@s",
                "{'$tb':10}      | -1 | NOT_FOUND",
                "{'$maxAge':1}   | -1 | NOT_FOUND",
                "{'$tb':9223372036854775807} | -1 | NO_STREAM",
            })
    void oneEvent(String metadata, long number, String expected) {
        store.write(NAME, ANY, events(1, 2, 3, 4, 5));
        if (!metadata.equals("{}")) {
            metadata(store, NAME, metadata.replace('\'', '"'));
        }
        now += 2_000;
        assertEquals(expected, words(reader.event(NAME, number)));
    }

    private static String words(EventRead read) {
        return read.event() == null ? read.result().name() : read.result() + " " + names(List.of(read.event()));
    }

    @Test
    void metadataOfAStreamThatHasNoneAreASuccessWithoutEvent() {
        assertEquals("NO_STREAM", words(reader.event("$$s", -1)));
        store.write(NAME, ANY, events(1));
        assertEquals("SUCCESS", words(reader.event("$$s", -1)));
        assertEquals("SUCCESS", words(reader.event("$$s", 7)));
        metadata(store, NAME, "{}");
        metadata(store, NAME, "{}");
        assertEquals("SUCCESS 1@$$s", words(reader.event("$$s", -1)));
        assertEquals("SUCCESS", words(reader.event("$$s", 0)), "only the last metadata can be read");
        store.deleteForEver(NAME, ANY);
        assertEquals(ReadEventResult.STREAM_DELETED.name(), words(reader.event("$$s", -1)));
        assertEquals(ReadEventResult.STREAM_DELETED.name(), words(reader.event(NAME, 0)));
    }
}
