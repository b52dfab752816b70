package dev.polywire.amqp.client;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** A loop, a scripted broker on it, and what a test of one connection says again and again. */
final class AmqpFixture implements AutoCloseable {

    static final AmqpClientOptions OPTIONS = new AmqpClientOptions("/", SaslMechanism.plain("alice", "secret"));

    final Loop loop = new Loop();
    final ScriptedAmqp broker = new ScriptedAmqp(loop);
    /** Kept, because a client that is collected closes its connections. */
    private final List<Dialer> dialers = new CopyOnWriteArrayList<>();

    /** What a channel heard. */
    static final class Heard implements AmqpChannel.Listener {
        final List<Object> events = new CopyOnWriteArrayList<>();
        volatile RuntimeException closed;

        @Override
        public void delivery(AmqpEvent.Delivery delivery) {
            events.add(
                    delivery.method().deliveryTag() + " " + delivery.content().body());
        }

        @Override
        public void returned(AmqpEvent.Returned returned) {
            events.add("returned " + returned.method().replyCode());
        }

        @Override
        public void cancelled(String consumerTag) {
            events.add("cancelled " + consumerTag);
        }

        @Override
        public void flow(boolean active) {
            events.add("flow " + active);
        }

        @Override
        public void closed(RuntimeException cause) {
            closed = cause;
        }
    }

    Deadline deadline(long millis) {
        return loop.call(() -> Deadline.after(loop.vertx(), millis));
    }

    Deadline deadline() {
        return deadline(15_000);
    }

    Future<AmqpConnection> dial(EndpointOptions endpoint, AmqpClientOptions options) {
        return loop.call(() -> {
            Dialer dialer = new Dialer(loop.vertx(), endpoint, "amqp", Spi.NONE);
            dialers.add(dialer);
            return AmqpConnection.connect(dialer, options);
        });
    }

    AmqpConnection connect() {
        return Loop.await(dial(broker.endpoint(), OPTIONS));
    }

    AmqpChannel channel(AmqpConnection connection) {
        Deadline deadline = deadline();
        return loop.join(() -> connection.openChannel(deadline));
    }

    AmqpChannel confirming(AmqpConnection connection) {
        AmqpChannel channel = channel(connection);
        ask(channel, new ConfirmMethod.Select(false));
        return channel;
    }

    Heard listen(AmqpChannel channel) {
        Heard heard = new Heard();
        loop.run(() -> channel.listener(heard));
        return heard;
    }

    AmqpMethod ask(AmqpChannel channel, AmqpMethod method) {
        Deadline deadline = deadline();
        return loop.join(() -> channel.send(method, deadline));
    }

    CallException.Reason reason(Callable<? extends Future<?>> step) {
        return assertInstanceOf(CallException.class, loop.failure(step)).reason();
    }

    CallException.Reason reason(Future<?> outcome) {
        return reason(() -> outcome);
    }

    AmqpException refused(Callable<? extends Future<?>> step) {
        return assertInstanceOf(AmqpException.class, loop.failure(step));
    }

    static QueueMethod.Declare declare(String queue) {
        return new QueueMethod.Declare(queue, false, true, false, false, false, Map.of());
    }

    static QueueMethod.Declare look(String queue) {
        return new QueueMethod.Declare(queue, true, true, false, false, false, Map.of());
    }

    static BasicMethod.Consume consume(String tag) {
        return new BasicMethod.Consume("q", tag, false, false, false, false, Map.of());
    }

    static ContentMethod.Publish to(String exchange) {
        return new ContentMethod.Publish(exchange, "key", false, false);
    }

    static ContentMethod.Publish mandatory(String exchange) {
        return new ContentMethod.Publish(exchange, "key", true, false);
    }

    static Content message(String id) {
        return new Content(BasicProperties.NONE.with(Property.MESSAGE_ID, id), Buffer.buffer("body"));
    }

    @Override
    public void close() {
        loop.close();
    }
}
