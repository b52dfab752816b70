package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.server.GroupRoom.Wish;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NakAction;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a group looks at, and what it does not. */
class GroupCostTest {

    /** A client may say it a million times. */
    @Test
    void whatSettlesNothingCostsNothing() {
        AtomicInteger choices = new AtomicInteger();
        ConsumerStrategy strategy = new ConsumerStrategy() {
            @Override
            public void added(GroupClient client) {}

            @Override
            public void removed(GroupClient client) {}

            @Override
            public Choice choose(GroupMessage message) {
                choices.incrementAndGet();
                return Choice.SKIP;
            }
        };
        PersistentGroup group =
                group(strategy, new StreamStore(() -> 0), HeldEvents.ofServer().share(10));
        choices.set(0);
        group.ack(List.of());
        group.nak(List.of(), NakAction.RETRY, "");
        assertEquals(0, choices.get());
        group.tick();
        assertEquals(3, choices.get());
    }

    /** The age of a stream's events is looked up when it is read. */
    @Test
    void whoHasNoRoomDoesNotRead() {
        AtomicInteger looks = new AtomicInteger();
        StreamStore store = new StreamStore(looks::getAndIncrement);
        store.write("$$ponies", -2, List.of(GroupRoom.metadata("{\"$maxAge\":1000}")));
        PersistentGroup group =
                group(new RotatingStrategy(true), store, HeldEvents.ofServer().share(2));
        int before = looks.get();
        group.tick();
        assertEquals(before, looks.get());
    }

    /** Without clients, of a stream of three events. */
    private PersistentGroup group(ConsumerStrategy strategy, StreamStore store, HeldEvents.Share share) {
        for (long id = 1; id <= 3; id++) {
            store.write(GroupRoom.STREAM, -2, List.of(GroupRoom.event("t", id, "", "")));
        }
        GroupSettings settings = new GroupSettings(new Wish().settings());
        PersistentGroup group = new PersistentGroup(
                settings,
                strategy,
                new GroupBuffer(store, settings, strategy, 0, share),
                new GroupCheckpoint(store, settings),
                new ParkedEvents(store, settings, () -> 0),
                share,
                new GroupClock(() -> 0));
        group.start();
        return group;
    }
}
