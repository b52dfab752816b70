package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Events to be written, known by a small number that is their id. */
final class StoreEvents {

    static final long ANY = -2;
    static final long NO_STREAM = -1;
    static final Buffer NONE = Buffer.buffer();

    private StoreEvents() {}

    static UUID id(int number) {
        return new UUID(1, number);
    }

    static List<NewEvent> events(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number ->
                        new NewEvent(id(number), "t", NewEvent.JSON, Buffer.buffer("{\"n\":" + number + "}"), NONE))
                .toList();
    }

    /** By the numbers of their ids, {@code 1 2 3}; empty: none. */
    static List<NewEvent> events(String numbers) {
        return events(Stream.of(numbers.split(" "))
                .filter(each -> !each.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray());
    }

    static NewEvent event(String type, String data) {
        return new NewEvent(UUID.randomUUID(), type, NewEvent.BINARY, Buffer.buffer(data), NONE);
    }

    static void metadata(StreamStore store, String stream, String json) {
        store.write(
                StreamNames.metadataOf(stream),
                ANY,
                List.of(new NewEvent(UUID.randomUUID(), "$metadata", NewEvent.JSON, Buffer.buffer(json), NONE)));
    }

    /** {@code 0@stream 1@stream}; a tombstone's number is {@code end}. */
    static String names(List<StoredEvent> events) {
        return events.stream()
                .map(each -> (each.number() == StoredEvent.TOMBSTONE ? "end" : each.number()) + "@" + each.stream())
                .collect(Collectors.joining(" "));
    }
}
