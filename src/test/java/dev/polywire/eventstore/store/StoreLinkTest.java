package dev.polywire.eventstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.Position;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreLinkTest {

    private static StoredEvent event(String type, String data) {
        return new StoredEvent(
                "l", 0, UUID.randomUUID(), type, 0, Buffer.buffer(data), Buffer.buffer(), 0, new Position(0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7@s                     | 7  | s",
                "7@a@b                   | 7  | a@b",
                "' 7 @s'                 | 7  | s",
                "-1@s                    | -1 | s",
                "-9@s                    | -9 | s",
                "7                       | 7  | ",
                "7@                      | 7  | ",
            })
    void whereItLeads(String data, long number, String stream) {
        assertEquals(new StoreLink(stream, number), StoreLink.of(event("$>", data)));
    }

    @ParameterizedTest
    @CsvSource({"nonsense", "''", "@s", "x@s", "7.0@s", "9223372036854775808@s", "99999999999999999999@s"})
    void withoutANumberItIsNone(String data) {
        assertEquals(null, StoreLink.of(event("$>", data)));
    }

    @Test
    void onlyItsTypeMakesALink() {
        assertEquals(null, StoreLink.of(event("t", "7@s")));
    }

    @Test
    void onlyOneStepIsGone() {
        StreamStore store = new StreamStore(() -> 0);
        store.write("t", -2, StoreEvents.events(1));
        store.write("l", -2, List.of(StoreEvents.event("$>", "0@t")));
        store.write("m", -2, List.of(StoreEvents.event("$>", "-1@l")));

        assertEquals(new Resolved(store.event("l", 0), store.event("m", 0)), store.resolve(store.event("m", 0)));
        assertEquals(Resolved.plain(store.event("t", 0)), store.resolve(store.event("t", 0)));
    }
}
