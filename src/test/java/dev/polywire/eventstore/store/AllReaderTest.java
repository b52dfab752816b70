package dev.polywire.eventstore.store;

import static dev.polywire.eventstore.store.StoreEvents.ANY;
import static dev.polywire.eventstore.store.StoreEvents.events;
import static dev.polywire.eventstore.store.StoreEvents.metadata;
import static dev.polywire.eventstore.store.StoreEvents.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadAllResult;
import dev.polywire.eventstore.wire.ReadDirection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllReaderTest {

    private static final Position START = new Position(0, 0);
    private static final Position END = new Position(-1, -1);

    /** Of an event of stream {@code s} or {@code a}, as {@link StoreEvents#events} makes it. */
    private static final int EVENT_BYTES = 90 + 1 + 1 + 7;

    private final StreamStore store = new StreamStore(() -> 1_795_000_000_000L);
    private final AllReader reader = new AllReader(store);

    /** Writes, two transactions at once, one of which is committed behind a later write, a tombstone, and writes of nothing. */
    private List<StoredEvent> mixture() {
        List<StoredEvent> heard = new ArrayList<>();
        store.listen(heard::add);
        store.write("a", ANY, events(1, 2));
        long one = store.startTransaction("b", ANY);
        store.writeTransaction(one, events(3));
        long other = store.startTransaction("c", ANY);
        store.writeTransaction(other, events(4));
        store.write("a", ANY, List.of());
        store.writeTransaction(one, events(5, 6));
        store.write("a", ANY, events(7));
        store.commitTransaction(other);
        store.write("a", ANY, events(8));
        store.commitTransaction(one);
        metadata(store, "a", "{\"$maxCount\":1}");
        store.delete("b", ANY);
        store.write("b", ANY, events(9));
        store.deleteForEver("c", ANY);
        assertEquals("0@a 1@a 2@a 0@c 3@a 0@b 1@b 2@b 0@$$a 0@$$b 3@b 1@$$b end@c", names(heard));
        return heard;
    }

    @Test
    void pagesTogetherAreTheLog() {
        List<StoredEvent> heard = mixture();
        for (int size = 1; size <= heard.size() + 1; size++) {
            assertEquals(heard, pages(ReadDirection.FORWARD, START, size), "forward by " + size);
            List<StoredEvent> turned = pages(ReadDirection.BACKWARD, END, size);
            Collections.reverse(turned);
            assertEquals(heard, turned, "backward by " + size);
        }
    }

    private List<StoredEvent> pages(ReadDirection direction, Position from, int size) {
        List<StoredEvent> all = new ArrayList<>();
        AllSlice slice = reader.slice(direction, from, size);
        all.addAll(slice.events());
        while (!slice.isEnd()) {
            slice = reader.slice(direction, slice.next(), size);
            assertEquals(ReadAllResult.SUCCESS, slice.result());
            all.addAll(slice.events());
        }
        return all;
    }

    @Test
    void anEventIsTheFirstOneFromItsOwnPositionAndNotAmongThoseBefore() {
        List<StoredEvent> heard = mixture();
        for (int i = 0; i < heard.size(); i++) {
            Position at = heard.get(i).position();
            assertEquals(
                    heard.subList(i, heard.size()),
                    reader.slice(ReadDirection.FORWARD, at, 100).events());
            List<StoredEvent> before = new ArrayList<>(heard.subList(0, i));
            Collections.reverse(before);
            assertEquals(before, reader.slice(ReadDirection.BACKWARD, at, 100).events());
        }
    }

    @Test
    void whatWasReadForwardIsReadBackwardFromWhereTheNextPageBegins() {
        List<StoredEvent> heard = mixture();
        for (int size = 1; size <= heard.size(); size++) {
            Position next = reader.slice(ReadDirection.FORWARD, START, size).next();
            assertEquals(
                    heard.get(size - 1),
                    reader.slice(ReadDirection.BACKWARD, next, 1).events().get(0));
        }
    }

    @Test
    void positionsGrowByWhatWasWritten() {
        store.write("s", ANY, events(1, 2));
        store.write("s", ANY, events(3));

        List<StoredEvent> all = reader.slice(ReadDirection.FORWARD, START, 10).events();

        assertEquals(168, all.get(0).position().commit());
        assertEquals(168 + EVENT_BYTES, all.get(1).position().commit());
        assertEquals(168 + 2 * EVENT_BYTES, all.get(2).position().prepare());
        assertEquals(new Position(168 + 3 * EVENT_BYTES, 168 + 3 * EVENT_BYTES), reader.asked(END));
    }

    /** In the real server's file, a name is in UTF-8, behind its length in one byte or more. */
    @ParameterizedTest
    @CsvSource({"s, 1", "sø, 3", "s中, 4", "😀, 4"})
    void namesTakeTheirBytes(String stream, int bytes) {
        store.write(stream, ANY, events(1));
        assertEquals(168 + EVENT_BYTES - 1 + bytes, reader.asked(END).commit());
    }

    @ParameterizedTest
    @CsvSource({"127, 0", "128, 1", "16383, 1", "16384, 2"})
    void longNamesHaveLongerLengths(int characters, int more) {
        store.write("s".repeat(characters), ANY, events(1));
        assertEquals(
                168 + EVENT_BYTES - 1 + characters + more, reader.asked(END).commit());
    }

    /** Two events, at 168 and 267; the log ends at 366. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FORWARD  | -2  | -2  | Invalid position.",
                "FORWARD  | -1  | 0   | Invalid position.",
                "FORWARD  | 0   | -1  | Invalid position.",
                "FORWARD  | 168 | 168 | 0@s 1@s -> 366,0",
                "FORWARD  | 168 | 169 | 1@s -> 366,0",
                "FORWARD  | 167 | 0   | Log record at actual pos 167 has non-positive length: 0.  in chunk #0-0 (chunk-000000.000000).",
                "FORWARD  | 266 | 0   | Log record at actual pos 266 has non-positive length: 0.  in chunk #0-0 (chunk-000000.000000).",
                "FORWARD  | 267 | 0   | 1@s -> 366,0",
                "FORWARD  | 268 | 268 | '-> 268,268'",
                "FORWARD  | 366 | 0   | '-> 366,0'",
                "FORWARD  | 999 | 999 | '-> 999,999'",
                "FORWARD  | 9223372036854775807 | 9223372036854775807 | '-> 9223372036854775807,9223372036854775807'",
                "BACKWARD | -2  | -2  | Invalid position.",
                "BACKWARD | 0   | 0   | '-> 0,0'",
                "BACKWARD | 5   | 10  | '-> 5,10'",
                "BACKWARD | 168 | 168 | '-> 168,168'",
                "BACKWARD | 168 | 169 | 0@s -> 168,168",
                "BACKWARD | 267 | 267 | 0@s -> 168,168",
                "BACKWARD | 268 | 268 | Log record that ends at actual pos 268 has too large length: 1526726656 bytes, while limit is 16777216 bytes. In chunk #0-0 (chunk-000000.000000).",
                "BACKWARD | 366 | 366 | 1@s 0@s -> 168,168",
                "BACKWARD | 367 | 0   | Requested position 367 is greater than writer checkpoint 366 when requesting to read previous record from TF.",
            })
    void positionsThatAreNone(ReadDirection direction, long commit, long prepare, String expected) {
        store.write("s", ANY, events(1, 2));

        AllSlice slice = reader.slice(direction, new Position(commit, prepare), 10);

        assertEquals(
                expected,
                slice.error() != null
                        ? slice.error()
                        : (names(slice.events()) + " -> " + slice.next().commit() + ","
                                        + slice.next().prepare())
                                .strip());
        assertEquals(new Position(commit, prepare), slice.asked());
    }

    @Test
    void withoutAMaximumNothingIsRead() {
        store.write("s", ANY, events(1));
        AllSlice slice = reader.slice(ReadDirection.FORWARD, START, -1);

        assertEquals(List.of(), slice.events());
        assertEquals(START, slice.next());
        assertEquals(ReadAllResult.SUCCESS, slice.result());
    }

    @Test
    void aFilterLooksAtSoManyEventsAndGoesOnBehindThem() {
        store.write("a", ANY, events(1, 2, 3));
        store.write("b", ANY, events(4));
        store.write("a", ANY, events(5));
        EventFilter filter = EventFilter.of(new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("b")));

        AllSlice first = reader.slice(ReadDirection.FORWARD, START, 1, 2, filter);
        AllSlice second = reader.slice(ReadDirection.FORWARD, first.next(), 1, 2, filter);
        AllSlice third = reader.slice(ReadDirection.FORWARD, second.next(), 1, 2, filter);

        assertEquals("", names(first.events()));
        assertEquals("0@b", names(second.events()));
        assertEquals("", names(third.events()));
        assertTrue(third.isEnd());
        assertEquals(
                "0@b",
                names(reader.slice(ReadDirection.BACKWARD, END, 1, 2, filter).events()));
    }

    private static EventFilter regex(String expression) {
        return EventFilter.of(new Filter(Filter.Context.STREAM_ID, Filter.Type.REGEX, List.of(expression)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{72}){72}",
                "(abc){30,1000}((def){1000})",
                "((a{18}){18}){18}",
                "((){72}){72}",
                "([(]{72}){72}",
                "([[:alpha:](]{72}){72}",
                "(\\Q)\\E{72}){72}",
                "(\\){72}){72}",
                "[^])]{900}b{900}c{900}d{900}e{900}",
                "(?=a)",
                "(a)\\1",
                "["
            })
    void expressionsThatCostTooMuchAreNone(String expression) {
        assertThrows(IllegalArgumentException.class, () -> regex(expression));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$ 0b5a6f6e-52a7-4fd0-8e1b-0c5d1f9a7e10",
                "^(a{30}){30}$ a",
                "^\\(a{2}\\)$ (aa)",
                "^[(){}]{4}$ {()}",
            })
    void countsSideBySideAreNotMultiplied(String expression, String name) {
        String stream = expression.startsWith("^(a") ? name.repeat(900) : name;
        store.write(stream, ANY, events(1));

        assertEquals(
                "0@" + stream,
                names(reader.slice(ReadDirection.FORWARD, START, 10, 10, regex(expression))
                        .events()));
    }

    @Test
    void whatCostsMuchEndsAPageEarly() {
        String name = "abc".repeat(330) + "!";
        for (int i = 0; i < 100; i++) {
            store.write(name + i, ANY, events(i));
        }
        store.write("abc", ANY, events(100));
        EventFilter slow = regex("^(abc|abd){1,200}$");
        int pages = 0;
        AllSlice slice = reader.slice(ReadDirection.FORWARD, START, 100, 4_096, slow);
        List<StoredEvent> found = new ArrayList<>(slice.events());
        for (; !slice.isEnd(); pages++) {
            slice = reader.slice(ReadDirection.FORWARD, slice.next(), 100, 4_096, slow);
            found.addAll(slice.events());
        }
        assertEquals("0@abc", names(found));
        assertTrue(pages > 1, () -> "one page");
    }

    /** To look at a million events costs something, however short the prefix is. */
    @Test
    void aPrefixCostsSomethingForEachEvent() {
        store.write("s", ANY, events(1));
        StoredEvent event = Objects.requireNonNull(store.event("s", 0));
        assertTrue(prefix("").cost(event) >= 20);
        assertTrue(prefix("abc").cost(event) > prefix("").cost(event));
    }

    private static EventFilter prefix(String prefix) {
        return EventFilter.of(new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of(prefix)));
    }

    @Test
    void longNamesPassNoExpression() {
        store.write("a".repeat(1_024), ANY, events(1));
        store.write("a".repeat(1_025), ANY, events(2));

        assertEquals(
                1,
                reader.slice(ReadDirection.FORWARD, START, 10, 10, regex("a"))
                        .events()
                        .size());
    }
}
