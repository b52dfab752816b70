package dev.polywire.app;

import dev.polywire.amqp.service.AmqpOptions;
import dev.polywire.bolt.service.BoltOptions;
import dev.polywire.bolt.service.ServingOptions;
import dev.polywire.bridge.BridgeOptions;
import dev.polywire.core.json.FieldException;
import dev.polywire.framed.service.FramedOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pairs of times in one part of a configuration, of which one makes the other pointless or keeps it from working. A
 * pointless one is told only if the configuration says it: nobody has chosen a default.
 */
final class TimePairs {

    /** All such pairs, in the order of the examples in {@code conf}. */
    static final List<Pair<?>> ALL = List.of(
            pointless(
                    AmqpOptions.class,
                    "slowConsumerMillis",
                    "%d",
                    Sign.BELOW,
                    "consumerTimeoutMillis, after which the broker ends the consumer",
                    each -> within(each.consumer().slowMillis(), each.consumer().timeoutMillis())),
            pointless(
                    AmqpOptions.class,
                    "leaseMillis",
                    "%d",
                    Sign.BELOW,
                    "consumerTimeoutMillis, after which the broker ends the consumer of an unused stream",
                    each -> within(
                            each.connector().leaseMillis(), each.consumer().timeoutMillis())),
            breaking(
                    AmqpOptions.class,
                    "lockedAttempts",
                    "they end after %d ms",
                    Sign.FROM,
                    "two heartbeatSeconds, for which the broker keeps an exclusive queue of a lost connection",
                    each -> within(
                            each.session().recovery().lockedRetryMillis()
                                    * each.session().recovery().lockedAttempts(),
                            2_000L * each.session().wire().heartbeatSeconds())),
            breaking(
                    AmqpOptions.class,
                    "bindings[].timeoutMillis",
                    "a message is out for %d ms at most",
                    Sign.UP_TO,
                    "consumerTimeoutMillis, after which the broker takes it back",
                    each -> each.bindings().stream()
                            .flatMap(binding -> within(
                                    binding.maxOutMillis(), each.consumer().timeoutMillis()))),
            pointless(
                    AmqpOptions.class,
                    "bindings[].slowConsumerMillis",
                    "%d",
                    Sign.FROM,
                    "timeoutMillis, for which a consumer may take nothing",
                    each -> each.bindings().stream()
                            .flatMap(binding -> within(
                                    binding.slowMillis(), binding.options().timeoutMillis()))),
            pointless(
                    BoltOptions.class,
                    "checkAfterMillis",
                    "%d",
                    Sign.BELOW,
                    "maxIdleMillis, after which the connection is closed unasked",
                    each -> within(each.pool().checkAfterMillis(), each.pool().maxIdleMillis())),
            pointless(
                    ServingOptions.class,
                    "handshakeTimeoutMillis",
                    "%d",
                    Sign.BELOW,
                    "loginTimeoutMillis, which begins at the same time",
                    each -> within(
                            each.server().handshakeTimeoutMillis(),
                            each.server().authenticationTimeoutMillis())),
            breaking(
                    ServingOptions.class,
                    "wrongLoginDelayMillis",
                    "%d",
                    Sign.BELOW,
                    "loginTimeoutMillis, after which a client is cut off and never hears why",
                    each -> within(
                            each.bounds().logins().delayMillis(), each.server().authenticationTimeoutMillis())),
            pointless(
                    ServingOptions.class,
                    "handlerTimeoutMillis",
                    "%d",
                    Sign.UP_TO,
                    "transactionTimeoutMillis, which ends the answer too",
                    each -> within(
                            each.bounds().handlerTimeoutMillis(), each.bounds().transactionTimeoutMillis())),
            pointless(
                    FramedOptions.class,
                    "bindings[].timeoutMillis",
                    "%d",
                    Sign.UP_TO,
                    "idleTimeoutMillis, after which the connection is closed that waits for the reply",
                    each -> each.bindings().stream()
                            .filter(binding -> each.limits().maxOutstanding() > 0)
                            .flatMap(binding -> within(
                                    binding.timeoutMillis(), each.limits().idleTimeoutMillis()))),
            breaking(
                    BridgeOptions.class,
                    "idleTimeoutMillis",
                    "%d",
                    Sign.ABOVE,
                    "the milliseconds after which the Python client pings",
                    each -> within(each.limits().idleTimeoutMillis(), 20_000)));

    private final List<FieldException> warnings = new ArrayList<>();

    /** What a time has to be, compared with the other. */
    enum Sign {
        BELOW("<"),
        UP_TO("<="),
        FROM(">="),
        ABOVE(">");

        private final String word;

        Sign(String word) {
            this.word = word;
        }

        boolean holds(long value, long bound) {
            return switch (this) {
                case BELOW -> value < bound;
                case UP_TO -> value <= bound;
                case FROM -> value >= bound;
                case ABOVE -> value > bound;
            };
        }
    }

    /** The values of a pair, in milliseconds. */
    record Times(long value, long bound) {}

    /**
     * A pair.
     *
     * @param name of the field to change; {@code bindings[].x} is x of each binding
     * @param said what is said of its value
     * @param why the other field, and what it does
     * @param times one for each binding, or for the whole; none while the other time is 0, which is for ever
     */
    record Pair<T>(
            Class<T> options,
            String name,
            boolean onlyIfGiven,
            String said,
            Sign sign,
            String why,
            Function<T, Stream<Times>> times) {

        private List<Times> of(Object each) {
            return times.apply(options.cast(each)).toList();
        }

        private String path(int i) {
            return name.replace("[]", "[" + i + "]");
        }

        private boolean isGiven(JsonObject config, int i) {
            if (!name.startsWith("bindings")) {
                return config.getValue(name) != null;
            }
            JsonArray bindings = config.getJsonArray("bindings");
            return bindings.getJsonObject(i).getValue(name.substring(name.indexOf('.') + 1)) != null;
        }
    }

    /**
     * Adds the pairs of one part of the configuration.
     *
     * @param options of a connector or the bridge
     * @param config what the configuration says of it
     */
    void add(String path, Object options, JsonObject config) {
        for (Pair<?> each : ALL) {
            if (!each.options.isInstance(options)) {
                continue;
            }
            List<Times> times = each.of(options);
            IntStream.range(0, times.size())
                    .filter(i -> !each.sign.holds(times.get(i).value, times.get(i).bound))
                    .filter(i -> !each.onlyIfGiven || each.isGiven(config, i))
                    .forEach(i -> warnings.add(new FieldException(
                            path + "." + each.path(i),
                            String.format(Locale.ROOT, each.said, times.get(i).value) + " (expected: " + each.sign.word
                                    + " " + times.get(i).bound + ", " + each.why + ")")));
        }
    }

    List<FieldException> warnings() {
        return warnings;
    }

    /** @param bound 0: there is none */
    private static Stream<Times> within(long value, long bound) {
        return bound == 0 ? Stream.of() : Stream.of(new Times(value, bound));
    }

    private static <T> Pair<T> pointless(
            Class<T> options, String name, String said, Sign sign, String why, Function<T, Stream<Times>> times) {
        return new Pair<>(options, name, true, said, sign, why, times);
    }

    private static <T> Pair<T> breaking(
            Class<T> options, String name, String said, Sign sign, String why, Function<T, Stream<Times>> times) {
        return new Pair<>(options, name, false, said, sign, why, times);
    }
}
