package dev.polywire.core.bus.binding;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.CallException;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ScriptedSource;
import dev.polywire.testing.probe.SettledNumbers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One binding: what is given when, and what an answer does. */
class BindingTest {

    private static final String ADDRESS = "orders";

    /** The bus warns of each message that it discards. */
    private final LoggedTraces log = new LoggedTraces();

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final ScriptedSource source = new ScriptedSource();
    private final BindingCounters counters = new BindingCounters();
    private final Consumers consumers = new Consumers(vertx, ADDRESS);
    private Binding binding;
    private Future<Void> ended;

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        log.close();
    }

    @Test
    void anAnswerAcknowledgesAndMakesRoomForOneMore() {
        Consumers.One consumer = consumers.join(delivery -> {});
        bind("{'prefetch':2}");
        give("a", "b");
        await().until(() -> consumer.seen.size() == 2);
        assertEquals(List.of(2), on(() -> List.copyOf(source.credits)));
        consumer.seen.get(1).reply("anything");
        await().until(() -> on(() -> source.pending()) == 1);
        assertEquals(List.of(2, 1), on(() -> List.copyOf(source.credits)));
        assertEquals(
                new JsonObject("{\"address\":\"orders\",\"prefetch\":2,\"unanswered\":1,\"paused\":false}"),
                on(() -> binding.status()));
        assertEquals(List.of(2L, 1L), on(() -> List.of(counters.delivered, counters.acknowledged)));
    }

    /** What is sent keeps its outcome, all else goes back at once. */
    @Test
    void aSourceThatIsCutGetsBackWhatIsNotSent() {
        SettledNumbers numbers = new SettledNumbers(5);
        binding = new Binding(vertx, numbers, options("{}"), counters, Failure::of, (self, id) -> {});
        Future<Void> end = on(binding::start);
        await().until(() -> on(() -> counters.pauses) >= 1);
        on(() -> {
            numbers.cut(new CallException(CallException.Reason.OVERLOADED, "too slow"));
            return true;
        });
        assertTrue(Outcome.failure(end).getMessage().contains("too slow"));
        assertEquals(
                List.of("1 requeued", "2 requeued", "3 requeued", "4 requeued", "5 requeued"),
                numbers.heard.stream().sorted().toList());
        assertEquals(1, numbers.closed());
    }

    @Test
    void eachItemHasAnIdOfItsOwnAndTheTimeThatIsLeft() {
        Consumers.One consumer = consumers.join();
        bind("{'timeoutMillis':1234}");
        give(new JsonObject().put("a", 1), 2, "three");
        await().until(() -> consumer.seen.size() == 3);
        assertEquals(List.of(new JsonObject().put("a", 1), 2, "three"), consumer.items());
        assertEquals(3, new HashSet<>(consumer.ids()).size());
        assertEquals("1234", consumer.seen.get(0).headers().get("timeout"));
    }

    @Test
    void consumersShareTheItemsAndEachSeesItsOwnInOrder() {
        Consumers.One one = consumers.join();
        Consumers.One two = consumers.join();
        bind("{}");
        Object[] numbers = IntStream.rangeClosed(1, 60).boxed().toArray();
        give(numbers);
        await().until(() -> consumers.items().size() == 60);
        for (Consumers.One each : List.of(one, two)) {
            assertEquals(30, each.items().size());
            assertEquals(each.items().stream().sorted().toList(), each.items());
        }
    }

    /** @param again how often it is given */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4400 | false | rejected",
                "4400 | true  | requeued",
                "4503 | false | rejected",
                "4503 | true  | requeued",
                "4500 |       | rejected",
                "4503 |       | requeued",
                "7    |       | rejected",
                "7    | true  | requeued",
                "500  |       | rejected",
                "-1   |       | rejected",
            })
    void aFailureRejectsOrRequeuesAsItIsRetryable(int code, Boolean retryable, String what) {
        int[] times = new int[1];
        Consumers.One consumer = consumers.join(delivery -> {
            if (!delivery.body().equals("b") || times[0]++ > 0) {
                delivery.reply(null);
            } else if (retryable == null) {
                delivery.fail(code, "no");
            } else {
                delivery.reply(new io.vertx.serviceproxy.ServiceException(
                        code, "no", new JsonObject().put("retryable", retryable)));
            }
        });
        Polywire.install(vertx);
        bind("{'prefetch':1}");
        give("a");
        give("b");
        List<Object> seen = what.equals("requeued") ? List.of("a", "b", "b", "c") : List.of("a", "b", "c");
        if (what.equals("requeued")) {
            await().until(() -> on(() -> counters.acknowledged) == 2);
        }
        give("c");
        await().until(() -> consumer.items().size() == seen.size());
        assertEquals(seen, consumer.items());
        await().until(() ->
                on(() -> counters.delivered == counters.acknowledged + counters.rejected + counters.requeued));
        assertEquals(what.equals("rejected") ? 1 : 0, on(() -> counters.rejected));
        assertEquals(what.equals("requeued") ? 1 : 0, on(() -> counters.requeued));
    }

    /** The first answer to each of the four is a failure; two are given again, before all that comes later. */
    @Test
    void whatIsRequeuedGoesToTheHeadInOrderWithItsId() {
        Consumers.One consumer = consumers.join(delivery -> {});
        bind("{'prefetch':4}");
        give(1, 2, 3, 4);
        await().until(() -> consumer.seen.size() == 4);
        List<Message<Object>> first = List.copyOf(consumer.seen);
        first.get(2).fail(4503, "again");
        first.get(0).fail(4503, "again");
        await().until(() -> consumer.seen.size() == 6);
        first.get(1).reply(null);
        first.get(3).reply(null);
        give(5, 6);
        await().until(() -> consumer.seen.size() == 8);
        assertEquals(List.of(1, 2, 3, 4, 3, 1, 5, 6), consumer.items());
        assertEquals(consumer.ids().get(2), consumer.ids().get(4));
        assertEquals(consumer.ids().get(0), consumer.ids().get(5));
    }

    @Test
    void whatWaitsIsGivenBeforeWhatIsNew() {
        bind("{'prefetch':4}");
        give(1, 2);
        await().until(() -> on(() -> counters.noAnswers) >= 2);
        Consumers.One consumer = consumers.join();
        await().until(() -> consumer.seen.size() == 2);
        give(3, 4);
        await().until(() -> consumer.seen.size() == 4);
        assertEquals(List.of(1, 2, 3, 4), consumer.items());
    }

    /** A poison message that is always retryable costs one request at a time, ever more rarely; the others go on. */
    @Test
    void whatIsRequeuedAgainAndAgainDoesNotHoldUpTheOthers() {
        Consumers.One consumer = consumers.join(delivery -> {
            if (delivery.body().equals("poison")) {
                delivery.fail(4503, "again");
            } else {
                delivery.reply(null);
            }
        });
        bind("{'prefetch':2}");
        give("poison");
        for (int i = 0; i < 20; i++) {
            give(i);
        }
        await().until(() -> on(() -> counters.acknowledged) == 20);
        assertTrue(on(() -> counters.requeued) > 1);
        assertEquals(0, on(() -> counters.pauses));
        assertEquals(
                1,
                new HashSet<>(consumer.seen.stream()
                                .filter(each -> each.body().equals("poison"))
                                .map(each -> each.headers().get("deliveryId"))
                                .toList())
                        .size());
    }

    @ParameterizedTest
    @CsvSource({"requeueOnce,2,1,1", "requeue,3,0,2", "reject,1,1,0"})
    void aTimeout(String setting, int given, long rejected, long requeued) {
        int[] times = new int[1];
        Consumers.One consumer = consumers.join(delivery -> {
            if (++times[0] >= 3) {
                delivery.reply(null);
            }
        });
        bind("{'timeoutMillis':50,'onTimeout':'" + setting + "'}");
        give("slow");
        await().until(() -> on(() -> counters.acknowledged + counters.rejected) == 1);
        // On a busy machine an answer may be too late, too.
        long late = setting.equals("requeue") ? consumer.seen.size() - given : 0;
        assertEquals(given + late, consumer.seen.size());
        assertEquals(1, new HashSet<>(consumer.ids()).size());
        assertEquals(List.of(rejected, requeued + late), on(() -> List.of(counters.rejected, counters.requeued)));
        assertEquals(setting.equals("requeue") ? 2 + late : given, on(() -> counters.timeouts));
    }

    @ParameterizedTest
    @CsvSource({"4429", "4530", "4531"})
    void noAnswerPausesAndGivesItAgain(int code) {
        int[] times = new int[1];
        Consumers.One consumer = consumers.join(delivery -> {
            if (++times[0] <= 3) {
                delivery.fail(code, "not now");
            } else {
                delivery.reply(null);
            }
        });
        bind("{'prefetch':1}");
        give("a");
        await().until(() -> on(() -> counters.acknowledged) == 1);
        assertEquals(List.of("a", "a", "a", "a"), consumer.items());
        assertEquals(1, new HashSet<>(consumer.ids()).size());
        assertEquals(List.of(4L, 3L, 3L), on(() -> List.of(counters.delivered, counters.noAnswers, counters.pauses)));
        assertFalse(on(() -> binding.status()).getBoolean("paused"));
    }

    /** A consumer that is away for a while costs one request a pause, and nothing is pulled meanwhile. */
    @Test
    void whileNobodyIsThereOneIsTriedAtATime() {
        bind("{'prefetch':8}");
        give(1, 2, 3, 4, 5, 6, 7);
        await().until(() -> on(() -> counters.pauses) >= 4);
        assertTrue(on(() -> counters.delivered == counters.pauses && counters.noAnswers == counters.pauses));
        assertEquals(List.of(8), on(() -> List.copyOf(source.credits)));
        assertTrue(on(() -> binding.status()).getBoolean("paused"));
        Consumers.One consumer = consumers.join();
        await().until(() -> consumer.seen.size() == 7);
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7), consumer.items());
    }

    @Test
    void aSourceThatIsAtItsEndEndsTheBindingWhenAllIsAnswered() {
        Consumers.One consumer = consumers.join(delivery -> {});
        bind("{}");
        Outcome.on(context, () -> {
            source.giveLast("a", "b");
            return Future.succeededFuture();
        });
        await().until(() -> consumer.seen.size() == 2);
        consumer.seen.get(0).reply(null);
        assertFalse(ended.isComplete());
        consumer.seen.get(1).reply(null);
        Outcome.value(ended);
        assertEquals(1, on(source::closed));
    }

    @Test
    void aSourceThatFailsEndsTheBindingTyped() {
        Consumers.One consumer = consumers.join();
        bind("{}");
        give("a");
        await().until(() -> consumer.seen.size() == 1);
        Outcome.on(context, () -> {
            source.fail(Failure.CONNECTION_LOST.because("gone"));
            return Future.succeededFuture();
        });
        assertEquals(4504, Failure.of(Outcome.failure(ended)).failureCode());
        assertEquals(1, on(source::closed));
    }

    /** What is out is waited for, what waits is given back, in order. */
    @Test
    void closingWaitsForWhatIsOutAndGivesTheRestBack() {
        Consumers.One consumer = consumers.join(delivery -> {});
        bind("{'prefetch':3}");
        give(1, 2, 3);
        await().until(() -> consumer.seen.size() == 3);
        Future<Void> closed = on(() -> binding.close());
        consumer.seen.get(2).fail(4530, "not now");
        consumer.seen.get(0).fail(4503, "again");
        assertFalse(closed.isComplete());
        consumer.seen.get(1).reply(null);
        Outcome.value(closed);
        assertEquals(List.of(1, 3), on(() -> List.copyOf(source.returned)));
        assertEquals(
                List.of(3L, 1L, 1L, 1L, 2L),
                on(() -> Stream.of(
                                counters.delivered,
                                counters.acknowledged,
                                counters.requeued,
                                counters.noAnswers,
                                counters.returned)
                        .toList()));
        assertEquals(3, consumer.seen.size());
    }

    @Test
    void aSourceWhoseProtocolSettlesHearsWhatBecameOfEach() {
        SettledNumbers settled = new SettledNumbers(6);
        consumers.join(delivery -> {
            switch ((int) delivery.body()) {
                case 1, 5 -> delivery.reply(null);
                case 2 -> delivery.fail(4400, "never");
                case 3 -> delivery.fail(4503, "again");
                default -> {}
            }
        });
        binding = new Binding(
                vertx,
                settled,
                options("{'timeoutMillis':50,'onTimeout':'reject'}"),
                counters,
                Failure::of,
                (self, id) -> {});
        Outcome.on(context, () -> binding.start());
        assertEquals(
                List.of(
                        "1 acknowledged",
                        "2 rejected: never",
                        "3 requeued: again",
                        "5 acknowledged",
                        "4 rejected: no answer in time",
                        "6 rejected: no answer in time"),
                settled.heard);
    }

    /** All five are at the consumers. */
    @Test
    void theAnswersToItemsThatThePeerTakesBackAreStale() {
        SettledNumbers settled = new SettledNumbers(5);
        consumers.join(delivery -> {
            if (delivery.body().equals(1)) {
                context.runOnContext(v -> {
                    settled.lapse(2, 2);
                    settled.lapse(4, 4);
                });
            }
            delivery.reply(null);
        });
        binding = new Binding(vertx, settled, options("{'prefetch':5}"), counters, Failure::of, (self, id) -> {});
        Outcome.on(context, () -> binding.start());
        assertEquals(List.of("1 acknowledged", "3 acknowledged", "5 acknowledged"), settled.heard);
        assertEquals(
                List.of(5L, 3L, 2L, 2L),
                on(() -> Stream.of(counters.given, counters.acknowledged, counters.stale, counters.staleAnswers)
                        .toList()));
    }

    private void bind(String options) {
        binding = new Binding(vertx, source, options(options), counters, Failure::of, (self, id) -> {});
        ended = on(() -> binding.start());
    }

    private static BindingOptions options(String json) {
        return BindingOptions.of(ADDRESS, Fields.of(new JsonObject(json.replace('\'', '"'))));
    }

    private void give(Object... items) {
        await().until(() -> on(source::pending) == 1);
        on(() -> {
            source.give(items);
            return true;
        });
    }

    private <T> T on(java.util.function.Supplier<T> step) {
        return Outcome.on(context, () -> Future.succeededFuture(step.get()));
    }
}
