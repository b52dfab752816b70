package dev.polywire.eventstore.server;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StoredEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Events of the same key are given to the same client, as long as it is connected. Keys fall into buckets, and a bucket that has an event
 * to give gets the client that owns fewest of them. A new client takes its share of the buckets from the others.
 */
final class PinnedStrategy implements ConsumerStrategy {

    /** As many as the server's own. */
    static final int BUCKETS = 1024;

    private static final String CORRELATION = "$correlationId";
    /** Depth and values of a client's metadata: as objects, more would be much larger than on the wire. */
    private static final StrictJson METADATA = new StrictJson(100, 10_000);

    private static final class Owner {
        private final GroupClient client;
        private int buckets;

        private Owner(GroupClient client) {
            this.client = client;
        }
    }

    private final Function<Resolved, String> key;
    /** In the order in which they came. */
    private final Map<GroupClient, Owner> clients = new LinkedHashMap<>();

    private final @Nullable Owner[] owners = new Owner[BUCKETS];
    private final int[] inFlight = new int[BUCKETS];
    private int assigned;
    /** How many more events all clients together may be given. */
    private long room;

    PinnedStrategy(Function<Resolved, String> key) {
        this.key = key;
    }

    /** The stream that an event was written to, that of a link's target even where there is none. */
    static String stream(Resolved event) {
        StoredEvent source = event.event();
        if (source != null && !source.type().equals(StoredEvent.LINK)) {
            return source.stream();
        }
        String target = event.received().data().toString(StandardCharsets.UTF_8);
        return target.substring(target.indexOf('@') + 1);
    }

    /** The correlation id in an event's metadata; without one, or if that is no JSON of an ordinary size, its stream. */
    static String correlation(Resolved event) {
        StoredEvent source = event.event() == null ? event.received() : event.event();
        try {
            return METADATA.read(source.metadata()) instanceof JsonObject metadata
                            && metadata.getValue(CORRELATION) instanceof String id
                    ? id
                    : stream(event);
        } catch (FieldException malformed) {
            return stream(event);
        }
    }

    @Override
    public int pin(Resolved event) {
        int hash = key.apply(event).hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), BUCKETS);
    }

    @Override
    public void added(GroupClient client) {
        Owner mine = new Owner(client);
        clients.put(client, mine);
        room += client.room();
        int fair = (assigned + clients.size() - 1) / clients.size();
        List<Integer> idleFirst = IntStream.range(0, BUCKETS)
                .boxed()
                .filter(each -> owners[each] != null)
                .sorted(Comparator.comparingInt(each -> inFlight[each]))
                .toList();
        for (int bucket : idleFirst) {
            Owner owner = owners[bucket];
            if (owner != null && owner.buckets > fair) {
                own(bucket, mine);
            }
        }
    }

    @Override
    public void removed(GroupClient client) {
        Owner gone = clients.remove(client);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            if (gone != null && owners[bucket] == gone) {
                own(bucket, null);
            }
        }
        room -= client.room();
    }

    @Override
    public Choice choose(GroupMessage message) {
        if (room == 0) {
            return Choice.FULL;
        }
        Owner owner = owners[message.pin()];
        if (owner == null) {
            owner = Collections.min(clients.values(), Comparator.comparingInt(each -> each.buckets));
            own(message.pin(), owner);
        }
        if (!owner.client.hasRoom()) {
            return Choice.SKIP;
        }
        room--;
        inFlight[message.pin()]++;
        return Choice.of(owner.client);
    }

    @Override
    public void settled(GroupClient client, GroupMessage message) {
        room++;
        Owner owner = owners[message.pin()];
        if (owner != null && owner.client == client) {
            inFlight[message.pin()] = Math.max(0, inFlight[message.pin()] - 1);
        }
    }

    private void own(int bucket, @Nullable Owner owner) {
        Owner before = owners[bucket];
        if (before != null) {
            before.buckets--;
            assigned--;
        }
        if (owner != null) {
            owner.buckets++;
            assigned++;
        }
        owners[bucket] = owner;
        inFlight[bucket] = 0;
    }
}
