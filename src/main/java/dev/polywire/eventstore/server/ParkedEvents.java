package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The events that no client of a group could process, as links in a stream of their own. */
final class ParkedEvents {

    private final SystemStream stream;
    private final StreamStore store;
    private final LongSupplier epochMillis;
    private long replayed;

    ParkedEvents(StreamStore store, GroupSettings settings, LongSupplier epochMillis) {
        this.stream = new SystemStream(store, "$persistentsubscription-" + settings.key() + "-parked");
        this.store = store;
        this.epochMillis = epochMillis;
    }

    /** @param reason in the client's words, or the server's */
    void park(GroupMessage message, String reason) {
        StoredEvent source = message.source();
        String target = message.hasSource()
                ? source.number() + "@" + source.stream()
                : source.data().toString(StandardCharsets.UTF_8);
        stream.write(
                StoredEvent.LINK,
                NewEvent.BINARY,
                target,
                new IndentedJson()
                        .with("added", SystemStream.moment(epochMillis.getAsLong()))
                        .with("reason", reason)
                        .toString());
    }

    /** Takes them out again, each as if it had never been given, until there are no more or the taker refuses one. */
    void replay(Predicate<Resolved> taker) {
        long end = stream.lastNumber() + 1;
        long number = replayed;
        boolean taken = true;
        while (number < end && taken) {
            StoredEvent parked = stream.event(number);
            if (parked != null) {
                taken = taker.test(store.resolve(parked));
            }
            number += taken ? 1 : 0;
        }
        if (number > replayed) {
            replayed = number;
            stream.truncateBefore(number);
        }
    }

    void delete() {
        stream.delete();
    }
}
