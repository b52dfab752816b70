package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.CollidingNames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MembersTest {

    private static final String COLLIDE =
            "json: names collide (expected: at most 64 names of an object in one bucket of a hash map)";

    @Test
    void aNameIsPutOnce() {
        Members members = new Members();
        assertTrue(members.put("a", null));
        assertTrue(members.put("b", 1));
        assertFalse(members.put("a", 2));
        assertEquals(2, members.object().size());
    }

    /** what they are, number to name */
    static Stream<Arguments> ordinary() {
        Random random = new Random(1);
        return Stream.of(
                row("as short as can be", i -> Integer.toString(i, 36)),
                row("numbered", i -> "item-" + i),
                row("numbered in hex", i -> String.format("%08x", i)),
                row("UUIDs", i -> new UUID(random.nextLong(), random.nextLong()).toString()),
                row("instants", i -> java.time.Instant.ofEpochSecond(60L * i).toString()),
                row("two ideographs", i -> "" + (char) (0x4e00 + i / 400) + (char) (0x4e00 + i % 400 * 50)),
                row("letters only", i -> "" + letter(i / 17_576) + letter(i / 676) + letter(i / 26) + letter(i)));
    }

    /** As many as a frame of the bridge may have, by its values. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("ordinary")
    void ordinaryNamesAreAllRead(String what, IntFunction<String> name) {
        List<String> names = IntStream.range(0, 131_071).mapToObj(name).toList();
        assertEquals(names.size(), read(names).size());
    }

    @Test
    void namesOfEqualHashAreRefused() {
        List<String> names = CollidingNames.ofEqualHash(Members.UNCHECKED + 1);
        assertEquals(1, names.stream().mapToInt(String::hashCode).distinct().count());
        assertEquals(
                Members.UNCHECKED, read(names.subList(0, Members.UNCHECKED)).size(), "few are not looked at");
        assertRefused(names);
    }

    @Test
    void namesOfOneBucketAreRefused() {
        assertRefused(CollidingNames.ofOneBucket(Members.UNCHECKED + 1, 512));
    }

    /** The document is not read to its end, which is none. */
    @Test
    void collisionsAreFoundEarly() {
        List<String> names = new ArrayList<>(CollidingNames.ofEqualHash(2 * Members.UNCHECKED));
        names.add("\\");
        assertRefused(names);
    }

    /** Wherever they stand, and between many that do not collide. */
    @Test
    void theBucketCounts() {
        List<String> names = new ArrayList<>(
                IntStream.range(0, 1_000).mapToObj(i -> "other" + i).toList());
        List<String> equal = CollidingNames.ofEqualHash(2 * Members.MAX_SHARED);
        names.addAll(equal.subList(0, Members.MAX_SHARED / 2));
        Collections.shuffle(names, new Random(2));
        assertEquals(names.size(), read(names).size());
        names.addAll(equal.subList(Members.MAX_SHARED / 2, equal.size()));
        Collections.shuffle(names, new Random(2));
        assertRefused(names);
    }

    private static JsonObject read(List<String> names) {
        StringBuilder document = new StringBuilder();
        names.forEach(name -> document.append(document.isEmpty() ? "{" : ",")
                .append('"')
                .append(name)
                .append("\":1"));
        return (JsonObject)
                new StrictJson(2).read(Buffer.buffer(document.append('}').toString()));
    }

    private static void assertRefused(List<String> names) {
        FieldException refused = assertThrows(FieldException.class, () -> read(names));
        assertEquals(COLLIDE, refused.getMessage());
        assertTrue(refused.isTooMuch());
    }

    private static char letter(int number) {
        return (char) ('a' + number % 26);
    }

    private static Arguments row(String what, IntFunction<String> name) {
        return Arguments.of(what, name);
    }
}
