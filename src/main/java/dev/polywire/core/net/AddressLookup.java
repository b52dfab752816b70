package dev.polywire.core.net;

import io.vertx.core.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Finds the addresses of a host: {@link Spi#addresses}, or what a test says. */
@FunctionalInterface
interface AddressLookup {

    /** Lookups by the JDK at a time, of all connectors: the system gives up a silent name server after half a minute or so. */
    int THREADS = 4;

    /** All addresses of {@code host}, which is a name; in the order of the resolver. */
    Future<List<InetAddress>> of(String host);

    /**
     * The order of Happy Eyeballs (RFC 8305, 4): the two families take turns, beginning with that of the first address, so that a
     * family without a route costs one attempt.
     */
    static List<InetAddress> inTurns(List<InetAddress> addresses) {
        Deque<InetAddress> firsts = new ArrayDeque<>();
        Deque<InetAddress> others = new ArrayDeque<>();
        for (InetAddress each : addresses) {
            boolean likeFirst = each instanceof Inet6Address == addresses.get(0) instanceof Inet6Address;
            (likeFirst ? firsts : others).add(each);
        }
        List<InetAddress> order = new ArrayList<>();
        while (!firsts.isEmpty() || !others.isEmpty()) {
            if (!firsts.isEmpty()) {
                order.add(firsts.remove());
            }
            if (!others.isEmpty()) {
                order.add(others.remove());
            }
        }
        return order;
    }
}
