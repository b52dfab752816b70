package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.direct;
import static dev.polywire.amqp.session.SessionFixture.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of publishes that may be sent again: F14 and F49. */
@Timeout(60)
class AmqpRepublishTest {

    private static final PublishOptions REPUBLISH = new PublishOptions(10, 100, 1_000_000, true);

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    /** How a publish ends that waits for a connection: one that was never sent, and one that was lost in flight. */
    static Stream<Arguments> ends() {
        return Stream.of(
                end("confirmed", "done", "done", test -> test.broker.start()),
                end("nacked", "NACKED", "UNKNOWN_OUTCOME NACKED", test -> {
                    test.broker.nacks = true;
                    test.broker.start();
                }),
                end("returned", "RETURNED", "UNKNOWN_OUTCOME RETURNED", test -> {
                    test.broker.loop.run(() -> test.broker.remove("q"));
                    test.broker.start();
                }),
                end("blamed", "CHANNEL_CLOSED", "UNKNOWN_OUTCOME CHANNEL_CLOSED", test -> {
                    test.broker.loop.run(() -> test.broker.exchanges.clear());
                    test.broker.start();
                }),
                end("deadline while it waits", "UNAVAILABLE", "UNKNOWN_OUTCOME", test -> {}),
                end("deadline in flight", "TIMEOUT", "TIMEOUT", test -> {
                    test.broker.withholdsConfirms = true;
                    test.broker.start();
                }),
                end("the connector closes", "SHUTTING_DOWN", "UNKNOWN_OUTCOME", test -> {
                    AmqpClient closing = test.client;
                    test.fixture.loop.join(() -> closing.close(0));
                }),
                end("no channel", "CHANNEL_CLOSED", "UNKNOWN_OUTCOME CHANNEL_CLOSED", test -> {
                    test.broker.softErrorAt = "confirm.select";
                    test.broker.start();
                }),
                end("refused locally", "LIMIT_EXCEEDED", "UNKNOWN_OUTCOME", test -> {
                    test.broker.maxFrameBytes = 8_192;
                    test.broker.start();
                }));
    }

    private static Arguments end(String what, String unsent, String lost, Consumer<AmqpRepublishTest> end) {
        return arguments(what, unsent, lost, end);
    }

    private AmqpClient client;

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void oneOutcomeAndItIsTrue(String what, String unsent, String lost, Consumer<AmqpRepublishTest> end) {
        boolean timed = what.startsWith("deadline");
        assertEquals(unsent, outcome(false, timed ? 400 : 30_000, end), "never sent");
        assertEquals(lost, outcome(true, timed ? 400 : 30_000, end), "sent before, and lost");
    }

    /** With four times the time if the deadline was too short for what comes before it. */
    private String outcome(boolean lost, long millis, Consumer<AmqpRepublishTest> end) {
        reset();
        if (!lost) {
            kill();
        }
        BasicProperties properties = BasicProperties.NONE
                .with(Property.MESSAGE_ID, "m1")
                .with(Property.HEADERS, Map.of("large", Buffer.buffer(new byte[20_000])));
        AmqpPublish message = new AmqpPublish("x", "key", true, new Content(properties, Buffer.buffer("m")));
        CompletableFuture<Void> publish = fixture.begin(d -> client.publish(message, d), millis);
        if (lost) {
            fixture.await("a sending", () -> broker.published.contains("m1") || publish.isDone());
            kill();
        }
        broker.withholdsConfirms = false;
        int before = broker.published.size();
        boolean tooLate = publish.isDone();
        end.accept(this);
        if (broker.withholdsConfirms) {
            fixture.await("another sending", () -> broker.published.size() > before || publish.isDone());
            tooLate |= broker.published.size() == before;
        }
        String outcome = outcome(publish);
        fixture.loop.join(() -> client.close(0));
        return tooLate ? outcome(lost, 4 * millis, end) : outcome;
    }

    private void reset() {
        broker.kill();
        broker.nacks = false;
        broker.softErrorAt = "";
        broker.maxFrameBytes = 131_072;
        broker.withholdsConfirms = true;
        broker.published.clear();
        broker.loop.run(() -> {
            broker.exchanges.put("x", direct("x"));
            broker.queues.clear();
            broker.bindings.clear();
        });
        broker.declare(SessionFixture.durable("q"));
        broker.loop.run(() -> broker.bindings.add(new QueueMethod.Bind("q", "x", "key", false, Map.of())));
        broker.start();
        client = fixture.client(options(broker.endpoint(), REPUBLISH));
    }

    private void kill() {
        long losses = fixture.story.count("RECOVERING");
        broker.kill();
        fixture.await("loss", () -> fixture.story.count("RECOVERING") > losses);
    }

    private static String outcome(CompletableFuture<Void> publish) {
        try {
            publish.join();
            return "done";
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause();
            String reason = cause instanceof CallException call ? call.reason().name() : "";
            if (reason.equals("UNKNOWN_OUTCOME")) {
                assertTrue(cause.getMessage().startsWith("message-id m1: "), cause::getMessage);
            }
            while (cause instanceof CallException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            String said =
                    cause instanceof AmqpException refused ? refused.kind().name() : "";
            return (reason + " " + said).trim();
        }
    }

    /** F49: it alone fails, with the broker's words; nothing is sent more than three times, and the others go on. */
    @Test
    void messagesOverWhichTheBrokerEndsTheConnection() {
        broker.declare(SessionFixture.durable("q"));
        broker.poison = "poison";
        client = fixture.client(options(broker.endpoint(), REPUBLISH));
        long connections = broker.askedFor("connection.open");
        List<String> ids = IntStream.range(0, 40)
                .mapToObj(i -> i == 3 || i == 6 ? "poison " + i : "m" + i)
                .toList();
        List<AmqpPublish> messages =
                ids.stream().map(id -> SessionFixture.persistent("", "q", id)).toList();
        Deadline deadline = fixture.deadline();
        List<CompletableFuture<Void>> all = fixture.loop.call(() -> client.publish(messages, deadline).stream()
                .map(one -> one.toCompletionStage().toCompletableFuture())
                .toList());
        for (int i = 0; i < all.size(); i++) {
            CompletableFuture<Void> one = all.get(i);
            if (ids.get(i).startsWith("poison")) {
                assertPoisoned(ids.get(i), one);
            } else {
                one.join();
            }
        }
        for (String id : ids) {
            int sendings = Collections.frequency(broker.published, id);
            assertTrue(sendings <= 3, id + ": " + sendings);
        }
        assertEquals(3, Collections.frequency(broker.published, "poison 3"));
        assertEquals(4, broker.askedFor("connection.open") - connections, "two losses, and one for each poison");
        List<String> others =
                ids.stream().filter(id -> !id.startsWith("poison")).toList();
        assertTrue(broker.messages("q").containsAll(others));
    }

    private void assertPoisoned(String id, CompletableFuture<Void> publish) {
        Throwable cause = assertThrows(CompletionException.class, publish::join).getCause();
        assertEquals(Reason.UNKNOWN_OUTCOME, SessionFixture.reason(cause));
        assertTrue(cause.getMessage().startsWith("message-id " + id + ": lost 3 times, the last time alone: 541"));
        AmqpException said =
                assertInstanceOf(AmqpException.class, cause.getCause().getCause());
        assertEquals(541, said.reason().code());
    }

    /** What shares its deadline is not sent behind it. */
    @Test
    void severalThatAreLostTwiceAndHaveOneDeadline() {
        broker.declare(SessionFixture.durable("q"));
        client = fixture.client(options(broker.endpoint(), REPUBLISH));
        broker.withholdsConfirms = true;
        Deadline deadline = fixture.deadline(3_000);
        List<AmqpPublish> messages = Stream.of("m1", "m2", "m3")
                .map(id -> SessionFixture.persistent("", "q", id))
                .toList();
        List<CompletableFuture<Void>> all = fixture.loop.call(() -> client.publish(messages, deadline).stream()
                .map(one -> one.toCompletionStage().toCompletableFuture())
                .toList());
        for (int loss = 1; loss <= 2; loss++) {
            int sendings = 3 * loss;
            fixture.await("sendings", () -> broker.published.size() == sendings);
            broker.reset();
        }
        assertEquals("TIMEOUT", outcome(all.get(0)));
        assertUnknown(all.get(1));
        assertUnknown(all.get(2));
        assertEquals(List.of("m1"), broker.published.subList(6, broker.published.size()));
    }

    private static void assertUnknown(CompletableFuture<Void> publish) {
        Throwable cause = assertThrows(CompletionException.class, publish::join).getCause();
        assertEquals(Reason.UNKNOWN_OUTCOME, SessionFixture.reason(cause));
        assertTrue(cause.getMessage().endsWith("not sent by the deadline: a publish that was lost twice goes alone"));
    }

    /** One that is sent alone and has no confirm holds up the others until its deadline, not until theirs. */
    @Test
    void aLonePublishWithoutAConfirm() {
        broker.declare(SessionFixture.durable("q"));
        client = fixture.client(options(broker.endpoint(), REPUBLISH));
        broker.withholdsConfirms = true;
        CompletableFuture<Void> first = publish("m1", 3_000);
        for (int loss = 1; loss <= 2; loss++) {
            int sendings = loss;
            fixture.await("sending", () -> broker.published.size() == sendings);
            broker.reset();
        }
        fixture.await("alone", () -> broker.published.size() == 3);
        CompletableFuture<Void> second = publish("m2");
        assertEquals(1, (int) fixture.loop.call(() -> client.status().waiting()));
        assertEquals("TIMEOUT", outcome(first));
        fixture.await("m2", () -> broker.published.contains("m2"));
        broker.withholdsConfirms = false;
        broker.reset();
        second.join();
    }

    private CompletableFuture<Void> publish(String id) {
        return publish(id, 30_000);
    }

    private CompletableFuture<Void> publish(String id, long millis) {
        return fixture.begin(d -> client.publish(SessionFixture.persistent("", "q", id), d), millis);
    }
}
