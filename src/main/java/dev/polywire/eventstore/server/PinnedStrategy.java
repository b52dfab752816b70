package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    private static final String LINK = "$>";
    private static final String CORRELATION = "$correlationId";

    private final Function<GroupMessage, String> key;
    private final List<GroupClient> clients = new ArrayList<>();
    private final @Nullable GroupClient[] owners = new GroupClient[BUCKETS];
    private final int[] inFlight = new int[BUCKETS];

    PinnedStrategy(Function<GroupMessage, String> key) {
        this.key = key;
    }

    /** The stream that an event was written to, that of a link's target even where there is none. */
    static String stream(GroupMessage message) {
        StoredEvent source = message.source();
        String target = source.data().toString(StandardCharsets.UTF_8);
        return source.type().equals(LINK) && !message.hasSource()
                ? target.substring(target.indexOf('@') + 1)
                : source.stream();
    }

    /** The correlation id in an event's metadata; without one, its stream. */
    static String correlation(GroupMessage message) {
        try {
            Object id = new JsonObject(message.source().metadata()).getValue(CORRELATION);
            return id instanceof String text ? text : stream(message);
        } catch (DecodeException noObject) {
            return stream(message);
        }
    }

    @Override
    public void added(GroupClient client) {
        clients.add(client);
        int assigned = (int)
                IntStream.range(0, BUCKETS).filter(each -> owners[each] != null).count();
        int share = (assigned + clients.size() - 1) / clients.size();
        for (GroupClient other : clients) {
            List<Integer> owned = owned(other);
            if (other != client && owned.size() > share) {
                owned.sort(Comparator.comparingInt(each -> inFlight[each]));
                owned.subList(0, owned.size() - share).forEach(each -> own(each, client));
            }
        }
    }

    @Override
    public void removed(GroupClient client) {
        clients.remove(client);
        owned(client).forEach(each -> own(each, null));
    }

    @Override
    public Choice choose(GroupMessage message) {
        if (clients.stream().noneMatch(GroupClient::hasRoom)) {
            return Choice.FULL;
        }
        int bucket = bucket(message);
        GroupClient owner = owners[bucket];
        if (owner == null) {
            owner = clients.stream()
                    .min(Comparator.comparingInt(each -> owned(each).size()))
                    .orElseThrow();
            own(bucket, owner);
        }
        if (!owner.hasRoom()) {
            return Choice.SKIP;
        }
        inFlight[bucket]++;
        return Choice.of(owner);
    }

    @Override
    public void settled(GroupClient client, GroupMessage message) {
        int bucket = bucket(message);
        if (owners[bucket] == client) {
            inFlight[bucket] = Math.max(0, inFlight[bucket] - 1);
        }
    }

    private void own(int bucket, @Nullable GroupClient client) {
        owners[bucket] = client;
        inFlight[bucket] = 0;
    }

    private List<Integer> owned(GroupClient client) {
        List<Integer> owned = new ArrayList<>();
        for (int each = 0; each < BUCKETS; each++) {
            if (owners[each] == client) {
                owned.add(each);
            }
        }
        return owned;
    }

    private int bucket(GroupMessage message) {
        int hash = key.apply(message).hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), BUCKETS);
    }
}
