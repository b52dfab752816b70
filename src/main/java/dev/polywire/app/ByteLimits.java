package dev.polywire.app;

import dev.polywire.amqp.service.AmqpOptions;
import dev.polywire.bolt.service.BoltOptions;
import dev.polywire.bolt.service.ServingOptions;
import dev.polywire.bridge.BridgeOptions;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.MemoryOptions;
import dev.polywire.eventstore.service.EventStoreOptions;
import dev.polywire.framed.service.FramedOptions;
import dev.polywire.mongodb.service.MongoOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The limits of a configuration that count bytes, {@code max...Bytes}, and those among them for which the heap has no room.
 * Each one that was given is a warning of its own; all defaults together are one, because nobody has chosen them.
 */
final class ByteLimits {

    /** All such options, in the order of the examples in {@code conf}. */
    private static final List<Limit<?>> ALL = List.of(
            limit(
                    MongoOptions.class,
                    Bound.MESSAGE,
                    "maxMessageBytes",
                    each -> each.client().maxMessageBytes()),
            limit(
                    AmqpOptions.class,
                    Bound.MESSAGE,
                    "maxFrameBytes",
                    each -> each.session().wire().limits().maxFrameBytes()),
            limit(
                    AmqpOptions.class,
                    Bound.MESSAGE,
                    "maxMessageBytes",
                    each -> each.session().wire().limits().maxMessageBytes()),
            limit(
                    AmqpOptions.class,
                    Bound.HELD,
                    "maxAssemblyBytes",
                    each -> each.session().wire().limits().maxAssemblyBytes()),
            limit(
                    AmqpOptions.class,
                    Bound.HELD,
                    "maxWaitingPublishBytes",
                    each -> each.session().publish().maxWaitingBytes()),
            limit(
                    AmqpOptions.class,
                    Bound.HELD,
                    "maxConsumerBytes",
                    each -> each.consumer().maxBytes()),
            limit(
                    BoltOptions.class,
                    Bound.MESSAGE,
                    "maxMessageBytes",
                    each -> each.client().limits().maxMessageBytes()),
            limit(BoltOptions.class, Bound.HELD, "maxBytes", BoltOptions::maxBytes),
            limit(
                    ServingOptions.class,
                    Bound.MESSAGE,
                    "maxMessageBytes",
                    each -> each.server().limits().maxMessageBytes()),
            limit(
                    ServingOptions.class,
                    Bound.HELD,
                    "maxWaitingBytes",
                    each -> each.bounds().maxWaitingBytes()),
            limit(
                    ServingOptions.class,
                    Bound.HELD,
                    "maxOutputBytes",
                    each -> each.bounds().maxOutputBytes()),
            limit(
                    EventStoreOptions.class,
                    Bound.MESSAGE,
                    "maxPackageBytes",
                    each -> each.client().maxPackageBytes()),
            limit(EventStoreOptions.class, Bound.HELD, "maxSliceBytes", EventStoreOptions::maxSliceBytes),
            limit(
                    EventStoreOptions.class,
                    Bound.HELD,
                    "maxLiveBytes",
                    each -> each.flow().maxQueuedBytes()),
            limit(
                    FramedOptions.class,
                    Bound.MESSAGE,
                    "maxFrameBytes",
                    each -> each.limits().maxFrameBytes()),
            limit(FramedOptions.class, Bound.VALUES, "maxValueBytes", FramedOptions::maxValueBytes),
            limit(
                    FramedOptions.class,
                    Bound.HELD,
                    "maxOutputBytes",
                    each -> each.limits().maxOutputBytes()),
            limit(
                    BridgeOptions.class,
                    Bound.MESSAGE,
                    "maxFrameBytes",
                    each -> each.limits().maxFrameBytes()),
            limit(
                    BridgeOptions.class,
                    Bound.HELD,
                    "maxOutputBytes",
                    each -> each.limits().maxOutputBytes()),
            limit(
                    BridgeOptions.class,
                    Bound.HELD,
                    "maxTotalBytes",
                    each -> each.limits().maxTotalBytes()));

    private static final long MEBIBYTE = 1_048_576;

    private final List<Found> found = new ArrayList<>();

    /** What a limit must fit into. */
    private enum Bound {
        /** One message: see {@link dev.polywire.core.net.MemoryBudget#maxMessageBytes}. */
        MESSAGE(2, "half of memory.maxBytes"),
        /** Anything else that is held for peers. */
        HELD(1, "memory.maxBytes"),
        /** The values of one message, as objects. The budget does not count these: they live as long as a request. */
        VALUES(2, "half of the heap");

        private final int parts;
        private final String words;

        Bound(int parts, String words) {
            this.parts = parts;
            this.words = words;
        }

        long most(long budgetBytes, long heapBytes) {
            return (this == VALUES ? heapBytes : budgetBytes) / parts;
        }

        long budgetFor(long bytes) {
            return this == VALUES ? 0 : bytes * parts;
        }

        /** With the budget's default part of it. */
        long heapFor(long bytes) {
            return this == VALUES ? bytes * parts : budgetFor(bytes) * MemoryOptions.PART_OF_HEAP;
        }
    }

    private record Limit<T>(Class<T> options, Bound bound, String name, ToLongFunction<T> value) {

        long of(Object each) {
            return value.applyAsLong(options.cast(each));
        }
    }

    /** @param given whether the configuration says it */
    private record Found(String path, Bound bound, String name, long bytes, boolean given) {}

    /**
     * Adds the limits of one part of the configuration.
     *
     * @param options of a connector or the bridge
     * @param config what the configuration says of it
     */
    void add(String path, Object options, JsonObject config) {
        for (Limit<?> each : ALL) {
            if (each.options.isInstance(options)) {
                found.add(new Found(path, each.bound, each.name, each.of(options), config.getValue(each.name) != null));
            }
        }
    }

    /** The names of the options of this kind that are known. */
    static Set<String> names(Object options) {
        return ALL.stream()
                .filter(each -> each.options.isInstance(options))
                .map(Limit::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What the heap has no room for.
     *
     * @param budgetBytes {@code memory.maxBytes}
     * @param chosen whether the configuration says that
     */
    List<FieldException> warnings(long budgetBytes, boolean chosen, long heapBytes) {
        List<FieldException> warnings = new ArrayList<>();
        List<Found> defaults = new ArrayList<>();
        for (Found each : found) {
            long most = each.bound.most(budgetBytes, heapBytes);
            if (each.bytes <= most) {
                continue;
            }
            if (each.given) {
                warnings.add(new FieldException(
                        each.path + "." + each.name,
                        each.bytes + " (expected: <= " + most + ", " + each.bound.words + "; for more, "
                                + remedy(List.of(each), chosen, heapBytes) + ")"));
            } else {
                defaults.add(each);
            }
        }
        if (!defaults.isEmpty()) {
            Set<String> names = defaults.stream().map(Found::name).collect(Collectors.toCollection(TreeSet::new));
            warnings.add(new FieldException(
                    "memory.maxBytes",
                    budgetBytes + " in a heap of " + heapBytes + " has no room for the defaults of "
                            + String.join(", ", names) + " (expected: " + remedy(defaults, chosen, heapBytes) + ")"));
        }
        return warnings;
    }

    /** What makes room for all of them. */
    private static String remedy(List<Found> limits, boolean chosen, long heapBytes) {
        long budget = limits.stream()
                .mapToLong(each -> each.bound.budgetFor(each.bytes))
                .max()
                .orElse(0);
        long heap = limits.stream()
                .mapToLong(each -> each.bound.heapFor(each.bytes))
                .max()
                .orElse(0);
        boolean fits = limits.stream().allMatch(each -> each.bound != Bound.VALUES) && budget <= heapBytes;
        // Some collectors do not count a part of the young generation, up to a thirtieth of the heap.
        String more = "-Xmx" + ((heap + heap / 16) / MEBIBYTE + 1) + "m"
                + (chosen && budget > 0 ? " without memory.maxBytes" : "");
        return fits ? "memory.maxBytes: " + budget + " or " + more : more;
    }

    private static <T> Limit<T> limit(Class<T> options, Bound bound, String name, ToLongFunction<T> value) {
        return new Limit<>(options, bound, name, value);
    }
}
