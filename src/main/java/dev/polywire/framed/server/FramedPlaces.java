package dev.polywire.framed.server;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Monotonic;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedEnding;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server, at most so many in total and from each address. A peer keeps its place until what it sent has
 * been read, even when it is gone; but a newcomer may have the place of one that nobody reads.
 */
final class FramedPlaces {

    /** A reader that has come so far may be slow: what it has not read for this long may be dropped. */
    static final long READER_MILLIS = 5_000;

    private static final Comparator<FramedConnection> LEAST_MISSED = Comparator.comparing(FramedConnection::isUp)
            .thenComparing(each -> each.isUp() && !each.isStuck())
            .thenComparing(FramedConnection::unreadSinceMillis);

    private final int maxConnections;
    private final int maxConnectionsPerAddress;
    private final Map<String, Place> places = new LinkedHashMap<>();
    /** The number of connections of each address. */
    private final Map<String, Integer> addresses = new HashMap<>();

    private record Place(FramedConnection connection, String address) {}

    FramedPlaces(int maxConnections, int maxConnectionsPerAddress) {
        this.maxConnections = maxConnections;
        this.maxConnectionsPerAddress = maxConnectionsPerAddress;
    }

    /** @return whether there is a place for a connection from {@code address}, perhaps that of an unread one */
    boolean hasRoom(String address) {
        if (addresses.getOrDefault(address, 0) >= maxConnectionsPerAddress) {
            return drop(place -> place.address.equals(address));
        }
        return places.size() < maxConnections || drop(place -> true);
    }

    /** Until {@link #remove}. */
    void add(FramedConnection connection, String address) {
        places.put(connection.id(), new Place(connection, address));
        addresses.merge(address, 1, Integer::sum);
    }

    void remove(FramedConnection connection) {
        Place left = places.remove(connection.id());
        if (left != null) {
            addresses.computeIfPresent(left.address, (same, count) -> count == 1 ? null : count - 1);
        }
    }

    @Nullable
    FramedConnection get(String id) {
        Place place = places.get(id);
        return place == null ? null : place.connection;
    }

    Collection<FramedConnection> all() {
        return places.values().stream().map(Place::connection).toList();
    }

    /** Those whose peer is gone first, then those with more in the kernel; of these the one that is unread longest. */
    private boolean drop(Predicate<Place> among) {
        long nowMillis = Monotonic.millis();
        Optional<FramedConnection> least = places.values().stream()
                .filter(among)
                .map(Place::connection)
                .filter(each -> isForgotten(each, nowMillis))
                .min(LEAST_MISSED);
        least.ifPresent(each -> each.close(
                CallException.lost("a newcomer has the place of " + each.target() + ", which nobody has read for "
                        + (nowMillis - each.unreadSinceMillis()) + " ms"),
                FramedEnding.UNREAD));
        return least.isPresent();
    }

    /** Between two pages of a reader everybody is unread for a moment. */
    private static boolean isForgotten(FramedConnection each, long nowMillis) {
        return each.isUnread() && (!each.wasRead() || nowMillis - each.unreadSinceMillis() >= READER_MILLIS);
    }
}
