package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpMessage;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A channel for synchronous methods, whose failure closes the channel: one at a time, so that a refusal is about one
 * request and affects no other.
 */
final class SynchronousChannel implements RecoveringChannel.Owner {

    /** Requests that wait for their turn. */
    private static final int MAX_WAITING = 10_000;

    private final RecoveringConnection connection;
    private final RecoveringChannel recovering;
    private final boolean recorded;
    private final ArrayDeque<PendingRequest<?>> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean advancing;

    private record PendingRequest<T>(Function<AmqpChannel, Future<T>> request, Deadline deadline, Promise<T> promise) {

        Future<T> on(Future<AmqpChannel> channel) {
            return channel.compose(request).onComplete(promise);
        }
    }

    /** @param recorded whether recovery repeats the declarations of this channel */
    SynchronousChannel(RecoveringConnection connection, boolean recorded) {
        this.connection = connection;
        this.recovering = new RecoveringChannel(connection, this);
        this.recorded = recorded;
    }

    Future<@Nullable AmqpMethod> send(AmqpMethod request, Deadline deadline) {
        return ask(channel -> channel.send(request, deadline), deadline).onSuccess(reply -> {
            if (recorded) {
                connection.topology().done(recovering.number(), request, reply);
            }
        });
    }

    /** Fetches a message that is settled on delivery. */
    Future<@Nullable AmqpMessage> get(String queue, Deadline deadline) {
        return ask(channel -> channel.get(new BasicMethod.Get(queue, true), deadline), deadline);
    }

    @Override
    public List<AmqpMethod> setup(ServerInfo server) {
        return List.of();
    }

    @Override
    public void ended(RuntimeException cause) {
        // The next request opens it again.
    }

    private <T> Future<T> ask(Function<AmqpChannel, Future<T>> request, Deadline deadline) {
        Promise<T> promise = Promise.promise();
        if (waiting.size() >= MAX_WAITING) {
            promise.fail(new CallException(Reason.OVERLOADED, waiting.size() + " declarations wait"));
            return promise.future();
        }
        PendingRequest<T> call = new PendingRequest<>(request, deadline, promise);
        waiting.add(call);
        deadline.whenExpired(() -> {
            if (waiting.remove(call)) {
                promise.tryFail(connection.unavailable("not sent by the deadline"));
            }
        });
        advance();
        return promise.future();
    }

    /** In a loop, so that requests that fail at once do not recurse. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            for (PendingRequest<?> next = next(); next != null; next = next()) {
                busy = true;
                next.on(recovering.open(next.deadline())).onComplete(answered -> {
                    busy = false;
                    advance();
                });
            }
        } finally {
            advancing = false;
        }
    }

    private @Nullable PendingRequest<?> next() {
        return busy ? null : waiting.poll();
    }
}
