package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All groups, by {@code stream::group}, and what they are made of. */
final class GroupRegistry {

    /** Each change writes all groups down, about 350 bytes each: to create that many costs 44 MB of the store. */
    static final int MAX_GROUPS = 500;
    /** Of the names of all streams and groups together, which are written down each time, too: 400 for each. */
    static final int MAX_KEY_CHARACTERS = 200_000;

    private final StreamStore store;
    private final ServerVersion version;
    private final LongSupplier epochMillis;
    private final GroupConfig config;
    private final GroupClock clock;
    private final HeldEvents held = HeldEvents.ofServer();
    private final Map<String, PersistentGroup> groups = new LinkedHashMap<>();
    private final Map<String, List<PersistentGroup>> byStream = new HashMap<>();

    GroupRegistry(StreamStore store, ServerVersion version, LongSupplier epochMillis, LongSupplier nowMillis) {
        this.store = store;
        this.version = version;
        this.epochMillis = epochMillis;
        this.config = new GroupConfig(store, epochMillis);
        this.clock = new GroupClock(nowMillis);
        store.listen(this::written);
    }

    GroupClock clock() {
        return clock;
    }

    @Nullable
    PersistentGroup group(String key) {
        return groups.get(key);
    }

    Collection<PersistentGroup> all() {
        return List.copyOf(groups.values());
    }

    /** Whether there is no room for another group. */
    boolean isFull(GroupSettings another) {
        int characters = groups.keySet().stream().mapToInt(String::length).sum();
        return groups.size() >= MAX_GROUPS || characters + another.key().length() > MAX_KEY_CHARACTERS;
    }

    boolean hasStrategy(GroupSettings settings) {
        return ConsumerStrategy.named(settings.strategy(), version) != null;
    }

    /** There is a group from now on. Its strategy is known, and nobody has its key. */
    void create(GroupSettings settings, String user) {
        HeldEvents.Share share = held.share(HeldEvents.MAX_HELD_BY_GROUP);
        GroupCheckpoint checkpoint = new GroupCheckpoint(store, settings);
        long from =
                checkpoint.written() == GroupCheckpoint.NONE ? settings.asked().startFrom() : checkpoint.written() + 1;
        ConsumerStrategy strategy = Objects.requireNonNull(ConsumerStrategy.named(settings.strategy(), version));
        PersistentGroup group = new PersistentGroup(
                settings,
                strategy,
                new GroupBuffer(store, settings, strategy, from, share),
                checkpoint,
                new ParkedEvents(store, settings, epochMillis),
                share,
                clock);
        clock.start();
        groups.put(settings.key(), group);
        byStream.computeIfAbsent(settings.stream(), first -> new ArrayList<>()).add(group);
        group.start();
        remember(user);
    }

    /** A group is replaced; where it was, is remembered. */
    void update(PersistentGroup group, GroupSettings settings, String user) {
        remove(group);
        group.close();
        create(settings, user);
    }

    void delete(PersistentGroup group, String user) {
        remove(group);
        group.delete();
        remember(user);
    }

    private void remove(PersistentGroup group) {
        groups.remove(group.settings().key());
        byStream.computeIfPresent(group.settings().stream(), (stream, all) -> {
            all.remove(group);
            return all.isEmpty() ? null : all;
        });
    }

    private void remember(String user) {
        config.write(
                user, groups.values().stream().map(PersistentGroup::settings).toList());
    }

    private void written(StoredEvent event) {
        byStream.getOrDefault(event.stream(), List.of()).forEach(group -> group.written(event));
    }
}
