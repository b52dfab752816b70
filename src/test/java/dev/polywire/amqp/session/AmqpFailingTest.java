package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.options;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failure must not do to its neighbours: F11, F18 and F19. */
@Timeout(60)
class AmqpFailingTest {

    private static final int MANY = 9_999;
    private static final QueueMethod.Declare MISSING =
            new QueueMethod.Declare("none", true, false, false, false, false, Map.of());

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    /** F19: values that come back as another type than they were given as. */
    @Test
    void returnedWithHeaders() {
        AmqpClient client = fixture.client(broker.endpoint());
        for (Object value : List.of("text", Instant.ofEpochSecond(1), new byte[] {1}, List.of("text"), 7, 1.5)) {
            BasicProperties properties = BasicProperties.NONE.with(Property.HEADERS, Map.of("x", value));
            AmqpPublish nowhere = new AmqpPublish("", "nobody", true, new Content(properties, Buffer.buffer("m")));
            Throwable cause = fixture.failure(d -> client.publish(nowhere, d), 15_000);
            assertEquals(
                    AmqpException.Kind.RETURNED,
                    assertInstanceOf(AmqpException.class, cause).kind());
        }
    }

    /** F18: a refusal is about one request, and those behind it are not touched. */
    @Test
    void refusedBeforeOthers() {
        AmqpClient client = fixture.client(broker.endpoint());
        List<CompletableFuture<AmqpMethod>> all = declare(client, MISSING, durable("a"), MISSING, durable("b"));
        assertEquals(
                404,
                assertInstanceOf(AmqpException.class, causeOf(all.get(0)))
                        .reason()
                        .code());
        all.get(1).join();
        assertEquals(
                404,
                assertInstanceOf(AmqpException.class, causeOf(all.get(2)))
                        .reason()
                        .code());
        all.get(3).join();
    }

    /** What was not sent waits for the next connection. */
    @Test
    void lostBeforeOthers() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("a"));
        broker.loop.run(() -> broker.peers.forEach(peer -> peer.pause(true)));
        List<CompletableFuture<AmqpMethod>> all = declare(client, durable("b"), durable("c"), durable("d"));
        broker.reset();
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(causeOf(all.get(0))));
        all.get(1).join();
        all.get(2).join();
    }

    /** A bug of one application's listener is nobody else's. */
    @Test
    void aListenerThatThrows() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("a"));
        Received received = new Received() {
            @Override
            public void interrupted() {
                throw new IllegalStateException("as the test says");
            }
        };
        fixture.ask(d -> client.consume(subscription("a", "one", 1), received, d));
        broker.reset();
        fixture.await("ready again", () -> fixture.story.count("READY") >= 2);
        fixture.ask(d -> client.publish(persistent("", "a", "m1"), d));
        fixture.await("m1", () -> received.ids.contains("m1"));
    }

    @Test
    void manyThatFailAtOnce() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("a"));
        broker.loop.run(() -> broker.peers.forEach(peer -> peer.pause(true)));
        AmqpMethod[] many =
                IntStream.range(0, MANY).mapToObj(i -> durable("q" + i)).toArray(AmqpMethod[]::new);
        List<CompletableFuture<AmqpMethod>> all = declare(client, many);
        fixture.loop.run(() -> client.close(0));
        all.stream().skip(1).forEach(each -> assertEquals(Reason.SHUTTING_DOWN, reason(causeOf(each))));
    }

    /** Each is refused as it is to be sent, and asks for the next. */
    @Test
    void manyPublishesThatDoNotFit() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        fixture.ask(d -> client.publish(persistent("", "q", "m0"), d));
        broker.block("alarm");
        fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
        Map<String, Object> large = Map.of("large", Buffer.buffer(new byte[200_000]));
        Content content = new Content(BasicProperties.NONE.with(Property.HEADERS, large), Buffer.buffer("m"));
        AmqpPublish tooLarge = new AmqpPublish("", "q", false, content);
        Deadline deadline = fixture.deadline();
        List<CompletableFuture<Void>> all = fixture.loop.call(() ->
                client.publish(IntStream.range(0, MANY).mapToObj(i -> tooLarge).toList(), deadline).stream()
                        .map(each -> each.toCompletionStage().toCompletableFuture())
                        .toList());
        broker.unblock();
        all.forEach(each -> assertEquals(Reason.LIMIT_EXCEEDED, reason(causeOf(each))));
        fixture.ask(d -> client.publish(persistent("", "q", "m1"), d));
        assertEquals(1, fixture.story.count("READY"));
    }

    /** Nothing may wait: what is refused for want of a channel gets one for the next. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void withoutRoomToWait(long maxWaitingBytes) {
        AmqpClient client = fixture.client(
                options(broker.endpoint(), new PublishOptions(2, (int) maxWaitingBytes, maxWaitingBytes, false)));
        fixture.send(client, durable("q"));
        assertEquals(
                Reason.OVERLOADED, reason(fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 15_000)));
        fixture.await("a channel", () -> broker.askedFor("confirm.select") == 1);
        fixture.await("a publish", () -> {
            CompletableFuture<Void> one = fixture.begin(d -> client.publish(persistent("", "q", "m"), d), 15_000);
            return one.handle((done, cause) -> cause == null).join();
        });
    }

    /** A settlement that this broker does not have leaves the delivery as it is. */
    @Test
    void aNackThatIsNone() {
        broker.hasNoNack = true;
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        Received received = new Received();
        AmqpConsumer consumer = fixture.ask(d -> client.consume(subscription("q", "c", 1), received, d));
        fixture.ask(d -> client.publish(persistent("", "q", "m"), d));
        fixture.await("m", () -> received.ids.contains("m"));
        fixture.loop.run(() -> assertThrows(IllegalStateException.class, () -> consumer.nack(1, false, true)));
        assertEquals(1, (int) fixture.loop.call(consumer::unsettled));
        assertEquals(true, fixture.loop.call(() -> consumer.requeue(1, false)));
    }

    private List<CompletableFuture<AmqpMethod>> declare(AmqpClient client, AmqpMethod... requests) {
        return fixture.loop.call(() -> List.of(requests).stream()
                .map(each -> client.send(each, Deadline.after(fixture.loop.vertx(), 30_000)))
                .map(Future::toCompletionStage)
                .map(each -> each.toCompletableFuture())
                .toList());
    }

    private static Throwable causeOf(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }
}
