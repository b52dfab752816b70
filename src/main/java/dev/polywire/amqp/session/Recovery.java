package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.amqp.wire.RecoveryPlan;
import dev.polywire.amqp.wire.RecoveryStep;
import dev.polywire.amqp.wire.Topology;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Does what a {@link RecoveryPlan} wants on one new connection. When that is lost as well, another one begins anew. */
final class Recovery {

    /** An answer that takes longer means that the broker is not there. */
    static final long STEP_MILLIS = 30_000;

    /** Hears how it goes. */
    interface Listener {

        void recovered(RecoveryOutcome outcome);

        /** Nothing is left but what the lost connection still holds. Told once. */
        void settled();
    }

    private final Vertx vertx;
    private final AmqpConnection connection;
    private final Topology topology;
    private final RecoveryPlan plan;
    private final IntFunction<@Nullable AmqpLine> lines;
    private final Listener listener;
    private final Map<Integer, AmqpChannel> channels = new HashMap<>();
    private final Set<RecoveryOutcome> told = new HashSet<>();
    private boolean settled;
    private boolean stopped;
    private long timer = -1;

    /** @param lines by the numbers that the topology has for their channels */
    Recovery(
            Vertx vertx,
            AmqpConnection connection,
            Topology topology,
            RecoveryPlan plan,
            IntFunction<@Nullable AmqpLine> lines,
            Listener listener) {
        this.vertx = vertx;
        this.connection = connection;
        this.topology = topology;
        this.plan = plan;
        this.lines = lines;
        this.listener = listener;
    }

    /** Goes on. */
    void run() {
        RecoveryStep step = stopped ? null : plan.next(Monotonic.millis());
        if (step != null) {
            Deadline deadline = Deadline.after(vertx, STEP_MILLIS);
            if (step instanceof RecoveryStep.Ask ask) {
                ask(ask, deadline);
            } else {
                open(step.channel(), deadline);
            }
        } else if (!stopped) {
            idle();
        }
    }

    /** The connection is lost, or closed. */
    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private void open(int number, Deadline deadline) {
        connection.openChannel(deadline).onComplete(opened -> {
            deadline.met();
            if (stopped) {
                return;
            }
            if (opened.failed()) {
                failed(number, opened.cause());
                return;
            }
            AmqpChannel channel = opened.result();
            channels.put(number, channel);
            AmqpLine line = lines.apply(number);
            if (line != null) {
                line.adopt(channel);
            }
            plan.succeeded(null);
            run();
        });
    }

    private void ask(RecoveryStep.Ask step, Deadline deadline) {
        AmqpChannel channel = channels.get(step.channel());
        if (channel == null) {
            throw new IllegalStateException("channel " + step.channel() + ": not opened");
        }
        channel.send(step.request(), deadline).onComplete(answered -> {
            deadline.met();
            if (stopped) {
                return;
            }
            if (answered.failed()) {
                failed(step.channel(), answered.cause());
            } else {
                succeeded(step, answered.result());
            }
        });
    }

    private void succeeded(RecoveryStep.Ask step, @Nullable AmqpMethod reply) {
        plan.succeeded(reply);
        tell();
        AmqpLine line = lines.apply(step.channel());
        if (line != null && step.request() instanceof BasicMethod.Consume consume) {
            line.recovered(consume);
        }
        run();
    }

    private void failed(int number, Throwable cause) {
        CloseReason refused = reason(cause);
        if (refused == null) {
            connection.close(
                    new CallException(Reason.CONNECTION_LOST, "recovery: " + cause.getMessage(), cause));
            return;
        }
        AmqpChannel channel = channels.remove(number);
        if (channel != null && !channel.isClosed()) {
            Deadline deadline = Deadline.after(vertx, STEP_MILLIS);
            channel.close(deadline).onComplete(closed -> deadline.met());
        }
        plan.failed(refused, Monotonic.millis());
        tell();
        forget(cause);
        run();
    }

    /** Lines whose consumer or channel is not to come back. */
    private void forget(Throwable cause) {
        for (AmqpLine line : java.util.List.copyOf(channelsOfLines())) {
            if (!line.isKnownTo(topology)) {
                line.notRecovered(asRuntime(cause));
            }
        }
    }

    private java.util.Collection<AmqpLine> channelsOfLines() {
        return java.util.List.of();
    }

    private static RuntimeException asRuntime(Throwable cause) {
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    private void tell() {
        for (RecoveryOutcome outcome : plan.outcomes()) {
            if (told.add(outcome)) {
                listener.recovered(outcome);
            }
        }
    }

    private void idle() {}

    private static @Nullable CloseReason reason(Throwable cause) {
        return cause instanceof AmqpException refused ? refused.reason() : null;
    }
}
