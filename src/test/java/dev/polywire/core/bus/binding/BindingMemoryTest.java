package dev.polywire.core.bus.binding;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.handle.Rooms;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.HeldHeap;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.probe.ScriptedSource;
import dev.polywire.testing.probe.SettledNumbers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What bindings have and nobody has answered, in the memory budget. */
class BindingMemoryTest {

    private static final String ADDRESS = "orders";
    private static final int KIBIBYTE = 1024;
    private static final long LONG_MILLIS = 600_000;

    private final LoggedTraces log = new LoggedTraces();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final MemoryBudget budget = MemoryBudget.of(vertx);
    private final Consumers consumers = new Consumers(vertx, ADDRESS);
    private final BindingCounters counters = new BindingCounters();
    private final ScriptedSource source = new ScriptedSource();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        log.close();
    }

    private <T> T on(Supplier<T> step) {
        return Outcome.on(context, () -> Future.succeededFuture(step.get()));
    }

    private static BindingOptions options(int prefetch) {
        return BindingOptions.of(
                ADDRESS, Fields.of(new JsonObject().put("prefetch", prefetch).put("timeoutMillis", LONG_MILLIS)));
    }

    private static Binding binding(Vertx vertx, StreamSource source, int prefetch, BindingCounters counters) {
        return new Binding(vertx, source, options(prefetch), counters, Failure::of, (self, id) -> {});
    }

    private Future<Void> bind(StreamSource from, int prefetch) {
        return on(() -> binding(vertx, from, prefetch, counters).start());
    }

    private void give(Object... items) {
        await().until(() -> on(source::pending) == 1);
        on(() -> {
            source.give(items);
            return true;
        });
    }

    private static String text(int kibibytes) {
        return "x".repeat(kibibytes * KIBIBYTE - 128 - Binding.REQUEST_BYTES);
    }

    private static long pages(long bytes) {
        return (bytes + 4_095) / 4_096 * 4_096;
    }

    @Test
    void anItemIsHeldUntilItIsAnsweredForGood() {
        Consumers.One consumer = consumers.join(delivery -> {});
        bind(source, 3);
        give(text(40), text(80), text(20));
        await().until(() -> consumer.seen.size() == 3);
        assertEquals(140 * KIBIBYTE, budget.heldBytes());
        consumer.seen.get(0).reply("done");
        await().until(() -> budget.heldBytes() == 100 * KIBIBYTE);
        consumer.seen.get(1).fail(4503, "again");
        await().until(() -> consumer.seen.size() == 4);
        assertEquals(100 * KIBIBYTE, budget.heldBytes());
        consumer.seen.get(3).fail(4400, "never");
        await().until(() -> budget.heldBytes() == 20 * KIBIBYTE);
    }

    @Test
    void whatGoesBackIsHeldNoLonger() {
        Binding binding = on(() -> binding(vertx, source, 2, counters));
        on(binding::start);
        give(text(40), text(80));
        await().until(() -> on(() -> counters.pauses) > 0);
        assertEquals(120 * KIBIBYTE, budget.heldBytes());
        on(binding::close);
        assertEquals(0, budget.heldBytes());
        assertEquals(2, on(source.returned::size));
    }

    /** Their source counts them, until they are settled. */
    @Test
    void itemsThatAreSettledAreNotCountedTwice() {
        Consumers.One consumer = consumers.join(delivery -> {});
        bind(new SettledNumbers(5), 5);
        await().until(() -> consumer.seen.size() == 5);
        assertEquals(pages(5 * Binding.REQUEST_BYTES), budget.heldBytes());
    }

    @Test
    void aboveTheLimitNothingMoreIsPulled() {
        budget.limit(200 * KIBIBYTE);
        Consumers.One consumer = consumers.join(delivery -> {});
        bind(source, 10);
        give(text(104), text(104));
        await().until(() -> consumer.seen.size() == 2);
        assertEquals(0, on(source::pending));
        consumer.seen.get(0).reply("done");
        await().until(() -> on(source::pending) == 1);
        assertEquals(0, budget.status().getInteger("dropped"));
    }

    @Test
    void aBindingThatIsDroppedGivesBackWhatItHasNotSent() {
        budget.limit(200 * KIBIBYTE);
        Consumers.One consumer = consumers.join(delivery -> {});
        Future<Void> ended = bind(source, 10);
        give(text(40));
        await().until(() -> consumer.seen.size() == 1);
        give(text(400), text(4));
        ServiceException failure = (ServiceException) Outcome.failure(ended);
        assertEquals(4429, failure.failureCode());
        assertTrue(failure.getMessage().startsWith("memory: binding to orders holds 454656 of "), failure::getMessage);
        assertEquals(2, on(source.returned::size));
        assertEquals(1, on(source::closed));
        assertEquals(1, on(() -> counters.abandoned));
        assertEquals(0, budget.heldBytes());
    }

    /** Its place may be taken meanwhile. */
    @Test
    void oneOfTheConfigurationThatHasFailedIsStartedAgain() {
        List<ScriptedSource> opened = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        RequestTable requests = new RequestTable(vertx, "probe", 10, Spi.NONE, Failure::of);
        Rooms rooms = new Rooms(vertx, "polywire.probe", requests, 1_000, 10, 10);
        Bindings bindings = on(() -> new Bindings(vertx, requests, rooms, (name, count) -> {}, 1));
        Outcome.on(
                context,
                () -> bindings.start(options(10), () -> {
                    if (opened.size() == 1 && refused.size() < 3) {
                        refused.add("taken");
                        throw Failure.CONFLICT.because("taken");
                    }
                    opened.add(new ScriptedSource());
                    return Future.succeededFuture(opened.get(opened.size() - 1));
                }));
        on(() -> {
            opened.get(0).fail(new CallException(CallException.Reason.OVERLOADED, "memory"));
            return true;
        });
        await().until(() -> on(opened::size) == 2);
        assertEquals(3, on(refused::size));
        assertEquals(1, on(() -> bindings.status().size()));
        Outcome.on(context, bindings::closeAll);
    }

    @Test
    void theAccountsAreWhatTheHeapHolds() {
        SmallJvm.run(Program.class).requireClean();
    }

    static final class Program {

        private static final int ITEMS = 100;
        /** Nothing is dropped here. */
        private static final int LIMIT_BYTES = 64 * 1024 * 1024;

        private final Vertx vertx = Vertx.vertx();
        private final Context context = vertx.getOrCreateContext();
        private final MemoryBudget budget = MemoryBudget.of(vertx);

        /** What holds the items, and what its account says. */
        private record Held(Binding binding, long bytes) {}

        private Program() {
            budget.limit(LIMIT_BYTES);
        }

        public static void main(String[] arguments) {
            for (int bytes : new int[] {300, 1_000, 4_000}) {
                Program nobody = new Program();
                nobody.compare(
                        "items of " + bytes + " that nobody takes",
                        bytes,
                        binding -> binding.status().getBoolean("paused"));
                Program silent = new Program();
                silent.vertx.eventBus().consumer(ADDRESS, delivery -> {});
                silent.compare(
                        "items of " + bytes + " without an answer",
                        bytes,
                        binding -> binding.status().getInteger("unanswered") == ITEMS);
            }
        }

        private void compare(String what, int bytes, Predicate<Binding> there) {
            HeldHeap.require(what, () -> held(bytes, there), Held::bytes);
            Outcome.value(vertx.close());
        }

        private Held held(int bytes, Predicate<Binding> there) {
            ScriptedSource source = new ScriptedSource();
            long before = budget.heldBytes();
            Binding binding = Outcome.on(context, () -> {
                Binding made = binding(vertx, source, ITEMS, new BindingCounters());
                made.start();
                Object[] items = new Object[ITEMS];
                for (int i = 0; i < ITEMS; i++) {
                    items[i] = new JsonObject()
                            .put("text", Buffer.buffer(new byte[bytes]).toString())
                            .put("connection", Integer.toString(i));
                }
                source.give(items);
                return Future.succeededFuture(made);
            });
            while (!Outcome.on(context, () -> Future.succeededFuture(there.test(binding)))) {
                Thread.onSpinWait();
            }
            return new Held(binding, budget.heldBytes() - before);
        }
    }
}
