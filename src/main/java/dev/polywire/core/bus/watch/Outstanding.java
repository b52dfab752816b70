package dev.polywire.core.bus.watch;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.request.ServiceAddress;
import dev.polywire.core.bus.request.ServiceProxies;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests of this node that have no answer yet, by their reply address. Interceptors of the bus update it, on every thread
 * that sends or receives: together with {@link Holders} the only place that several threads use.
 */
final class Outstanding {

    private static final Logger LOG = System.getLogger(NodeWatch.class.getName());

    private final int maxEntries;
    private final Predicate<String> waiting;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Set<String> covered = ConcurrentHashMap.newKeySet();
    private final LongAdder unwatched = new LongAdder();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final Handler<DeliveryContext<Object>> outbound = this::outbound;
    private final Handler<DeliveryContext<Object>> inbound = this::inbound;

    /**
     * @param maxEntries further requests are not watched
     * @param waiting whether a caller waits at a reply address
     */
    Outstanding(int maxEntries, Predicate<String> waiting) {
        this.maxEntries = maxEntries;
        this.waiting = waiting;
    }

    /**
     * A request.
     *
     * @param address of the service
     * @param expiresMillis when a service that is alive must have answered long ago
     */
    record Entry(String address, long sentMillis, long expiresMillis) {}

    /** Also watches requests to this address, and to those below it. */
    void cover(String address) {
        covered.add(address);
    }

    void attach(EventBus bus) {
        bus.addOutboundInterceptor(outbound);
        bus.addInboundInterceptor(inbound);
    }

    void detach(EventBus bus) {
        bus.removeOutboundInterceptor(outbound);
        bus.removeInboundInterceptor(inbound);
        entries.clear();
    }

    int size() {
        return entries.size();
    }

    /** Requests that were not watched, because there were too many. */
    long unwatched() {
        return unwatched.sum();
    }

    /** Reply addresses of requests to such addresses. */
    List<String> sentTo(Predicate<String> addresses) {
        return entries.entrySet().stream()
                .filter(each -> addresses.test(each.getValue().address()))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Nullable
    Entry get(String replyAddress) {
        return entries.get(replyAddress);
    }

    boolean remove(String replyAddress) {
        return entries.remove(replyAddress) != null;
    }

    /** Removes requests that ended without a message: the bus does not report its own failures. */
    void forget(long nowMillis) {
        entries.entrySet()
                .removeIf(each -> each.getValue().expiresMillis() <= nowMillis || !waiting.test(each.getKey()));
    }

    private void outbound(DeliveryContext<Object> delivery) {
        Message<Object> message = delivery.message();
        String replyAddress = message.replyAddress();
        if (replyAddress == null || !isCovered(message.address())) {
            delivery.next();
        } else if (entries.size() < maxEntries) {
            long now = Monotonic.millis();
            entries.put(replyAddress, new Entry(message.address(), now, now + lifeMillis(message)));
            delivery.next();
            if (!waiting.test(replyAddress)) {
                // Nobody is at the address, and the bus has failed the request before it came back here.
                entries.remove(replyAddress);
            }
        } else {
            unwatched.increment();
            if (!warned.getAndSet(true)) {
                LOG.log(
                        Level.WARNING,
                        "{0} requests have no answer: further ones are not watched, and one that a leaving connector or a"
                                + " lost node takes with it ends in a timeout",
                        maxEntries);
            }
            delivery.next();
        }
    }

    private void inbound(DeliveryContext<Object> delivery) {
        if (!entries.isEmpty()) {
            entries.remove(delivery.message().address());
        }
        delivery.next();
    }

    private boolean isCovered(String address) {
        for (String each : covered) {
            if (ServiceAddress.isAtOrBelow(each, address)) {
                return true;
            }
        }
        return false;
    }

    /** The deadline as the request table at the other end reads it, and some time for the answer to arrive. */
    private static long lifeMillis(Message<?> message) {
        Long millis = TypedValues.int64(message.headers().get(RequestTable.TIMEOUT));
        long deadlineMillis = millis == null || millis < 1 || millis > RequestTable.MAX_DEADLINE_MILLIS
                ? RequestTable.DEFAULT_DEADLINE_MILLIS
                : millis;
        return deadlineMillis + ServiceProxies.GRACE_MILLIS;
    }
}
