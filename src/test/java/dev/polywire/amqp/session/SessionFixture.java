package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.RecoveryOptions;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** A loop, clients on it, and what a test of them says again and again. */
final class SessionFixture implements AutoCloseable {

    static final RecoveryOptions QUICK = new RecoveryOptions(20, 500);

    final Loop loop = new Loop();
    final Story story = new Story();
    private final List<AmqpClient> clients = new ArrayList<>();

    /** Waits at most 5 ms before it dials again. */
    private static final class Impatient extends Random {
        @Override
        public long nextLong(long bound) {
            return Math.min(super.nextLong(bound), 5);
        }
    }

    static AmqpSessionOptions options(EndpointOptions endpoint, PublishOptions publish) {
        SaslMechanism guest = SaslMechanism.plain("guest", "guest");
        return new AmqpSessionOptions(
                List.of(endpoint), true, AmqpAuth.of(guest), new AmqpClientOptions("/", guest), publish, QUICK, true);
    }

    AmqpClient client(EndpointOptions endpoint) {
        return client(options(endpoint, PublishOptions.DEFAULT));
    }

    AmqpClient client(AmqpSessionOptions options) {
        AmqpClient client = unconnected(options);
        loop.join(client::start);
        return client;
    }

    AmqpClient unconnected(AmqpSessionOptions options) {
        AmqpClient client = loop.call(() -> new AmqpClient(loop.vertx(), options, Spi.NONE, story, new Impatient()));
        clients.add(client);
        return client;
    }

    Deadline deadline(long millis) {
        return loop.call(() -> Deadline.after(loop.vertx(), millis));
    }

    Deadline deadline() {
        return deadline(60_000);
    }

    /** What a call with its own deadline succeeds with. */
    <T> T ask(Function<Deadline, Future<T>> call) {
        return loop.join(() -> met(call, 15_000));
    }

    <T> CompletableFuture<T> begin(Function<Deadline, Future<T>> call, long millis) {
        return loop.call(() -> met(call, millis).toCompletionStage().toCompletableFuture());
    }

    <T> Throwable failure(Function<Deadline, Future<T>> call, long millis) {
        return loop.failure(() -> met(call, millis));
    }

    private <T> Future<T> met(Function<Deadline, Future<T>> call, long millis) {
        Deadline deadline = Deadline.after(loop.vertx(), millis);
        return call.apply(deadline).onComplete(done -> deadline.met());
    }

    AmqpMethod send(AmqpClient client, AmqpMethod request) {
        return ask(deadline -> client.send(request, deadline));
    }

    void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(condition);
    }

    void awaitReady(AmqpClient client) {
        await("ready", () -> loop.call(client::state) == Link.State.READY);
    }

    static CallException.Reason reason(Throwable failure) {
        return failure instanceof CallException call ? call.reason() : null;
    }

    static QueueMethod.Declare durable(String queue) {
        return new QueueMethod.Declare(queue, false, true, false, false, false, Map.of());
    }

    static QueueMethod.Declare exclusive(String queue) {
        return new QueueMethod.Declare(queue, false, false, true, false, false, Map.of());
    }

    static ExchangeMethod.Declare direct(String exchange) {
        return new ExchangeMethod.Declare(exchange, "direct", false, true, false, false, false, Map.of());
    }

    static QueueMethod.Bind bind(String queue, String exchange, String key) {
        return new QueueMethod.Bind(queue, exchange, key, false, Map.of());
    }

    static AmqpSubscription subscription(String queue, String tag, int prefetchCount) {
        return subscription(queue, tag, prefetchCount, false);
    }

    static AmqpSubscription subscription(String queue, String tag, int prefetchCount, boolean resubscribe) {
        return new AmqpSubscription(
                new BasicMethod.Consume(queue, tag, false, false, false, false, Map.of()), prefetchCount, resubscribe);
    }

    static AmqpPublish persistent(String exchange, String key, String id) {
        BasicProperties properties =
                BasicProperties.NONE.with(Property.MESSAGE_ID, id).with(Property.DELIVERY_MODE, 2);
        return new AmqpPublish(exchange, key, false, new Content(properties, Buffer.buffer("body " + id)));
    }

    @Override
    public void close() {
        clients.forEach(client -> loop.join(() -> client.close(0)));
        loop.close();
    }
}
