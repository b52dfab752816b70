package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.amqp.wire.RecoveryPlan;
import dev.polywire.amqp.wire.RecoveryStep;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executes a {@link RecoveryPlan} on one new connection. If that is lost, a new plan starts. */
final class Recovery {

    /** A broker that answers later than this counts as unavailable. */
    static final long STEP_MILLIS = 30_000;

    /** Receives the progress. */
    interface Listener {

        /** One item is recovered, or is given up. */
        void recovered(RecoveryOutcome outcome);

        /** The topology may have lost something. */
        void refused(RuntimeException cause);

        /** Only items that the lost connection still holds are left. Called once. */
        void settled();
    }

    private final Vertx vertx;
    private final AmqpConnection connection;
    private final RecoveryPlan plan;
    private final Map<Integer, RecoveringChannel> recovering;
    private final Set<RecoveryStep> suspects;
    private final Listener listener;
    private final Map<Integer, AmqpChannel> channels = new HashMap<>();
    private final Set<RecoveryOutcome> told = new HashSet<>();
    private boolean settled;
    private boolean stopped;
    private long timer = -1;

    /**
     * @param recovering channels that the plan opens, by their numbers; some may be removed meanwhile
     * @param suspects steps during which the broker ended earlier connections without naming the cause; this adds its own
     */
    Recovery(
            Vertx vertx,
            AmqpConnection connection,
            RecoveryPlan plan,
            Map<Integer, RecoveringChannel> recovering,
            Set<RecoveryStep> suspects,
            Listener listener) {
        this.vertx = vertx;
        this.connection = connection;
        this.plan = plan;
        this.recovering = recovering;
        this.suspects = suspects;
        this.listener = listener;
    }

    /** Starts, or continues. */
    void run() {
        RecoveryStep step = stopped ? null : plan.next(Monotonic.millis());
        if (step != null) {
            Deadline deadline = Deadline.after(vertx, STEP_MILLIS);
            if (step instanceof RecoveryStep.Ask ask) {
                ask(ask, deadline);
            } else {
                open(step, deadline);
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

    private void open(RecoveryStep step, Deadline deadline) {
        connection.openChannel(deadline).onComplete(opened -> {
            deadline.met();
            if (opened.failed()) {
                failed(step, opened.cause());
            } else if (!stopped) {
                channels.put(step.channel(), opened.result());
                RecoveringChannel known = recovering.get(step.channel());
                if (known != null) {
                    known.adopt(opened.result());
                }
                plan.succeeded(null);
                run();
            }
        });
    }

    private void ask(RecoveryStep.Ask step, Deadline deadline) {
        AmqpChannel channel = channels.get(step.channel());
        if (channel == null) {
            throw new IllegalStateException("channel " + step.channel() + ": not opened");
        }
        channel.send(step.request(), deadline).onComplete(answered -> {
            deadline.met();
            if (answered.failed()) {
                failed(step, answered.cause());
            } else if (!stopped) {
                succeeded(step, answered.result());
            }
        });
    }

    private void succeeded(RecoveryStep.Ask step, @Nullable AmqpMethod reply) {
        plan.succeeded(reply);
        tell();
        RecoveringChannel known = recovering.get(step.channel());
        if (step.request() instanceof BasicMethod.Consume consume) {
            if (known != null) {
                known.recovered(consume);
            } else {
                // The channel was closed while it waited for a queue that the lost connection held.
                close(channels.get(step.channel()));
            }
        }
        run();
    }

    private void failed(RecoveryStep step, Throwable cause) {
        if (stopped) {
            return;
        }
        AmqpChannel channel = channels.remove(step.channel());
        boolean closedByUs = channel != null && channel.isClosed() && !connection.isClosed();
        CloseReason refusal = closedByUs && !(cause instanceof AmqpException) ? unsent(cause) : refusal(step, cause);
        if (refusal == null) {
            stop();
            if (!connection.isClosed()) {
                connection.close(CallException.lost("recovery: " + cause.getMessage(), cause));
            }
            return;
        }
        close(channel);
        plan.failed(refusal, Monotonic.millis());
        tell();
        listener.refused(cause instanceof RuntimeException known ? known : new IllegalStateException(cause));
        if (connection.isClosed()) {
            stop();
        }
        run();
    }

    /**
     * Why the broker refuses this step or it cannot be sent; null if the failure is not about this step. An error of the
     * connection that names no method is about it at its second time: until all is settled, nothing else is sent.
     */
    private @Nullable CloseReason refusal(RecoveryStep step, Throwable cause) {
        boolean notSent = cause instanceof CallException lost && !lost.isUnknown();
        AmqpException refused = notSent ? null : AmqpException.in(cause);
        if (refused != null) {
            int id = step instanceof RecoveryStep.Ask ask ? ask.request().id() : ChannelMethod.Open.ID;
            CloseReason reason = refused.reason();
            boolean ours = id == (reason.classId() << 16 | reason.methodId());
            boolean twice = refused.isHard() && !reason.isNamed() && !settled && !suspects.add(step);
            return ours || twice || refused.kind() == AmqpException.Kind.CHANNEL_CLOSED ? reason : null;
        }
        boolean unsent = cause instanceof CallException call
                && List.of(Reason.BAD_REQUEST, Reason.LIMIT_EXCEEDED, Reason.OVERLOADED)
                        .contains(call.reason());
        return unsent ? unsent(cause) : null;
    }

    private static CloseReason unsent(Throwable cause) {
        return new CloseReason(false, 0, String.valueOf(cause.getMessage()), 0, 0);
    }

    private void idle() {
        if (plan.isDone()) {
            close(channels.remove(RecoveryPlan.OWN_CHANNEL));
        } else {
            long waitMillis = Math.max(1, plan.retryAtMillis() - Monotonic.millis());
            timer = vertx.setTimer(waitMillis, t -> run());
        }
        channels.forEach((number, channel) -> {
            if (number != RecoveryPlan.OWN_CHANNEL && !recovering.containsKey(number)) {
                close(channel);
            }
        });
        if (!settled) {
            settled = true;
            listener.settled();
        }
    }

    private void close(@Nullable AmqpChannel channel) {
        if (channel != null && !channel.isClosed()) {
            Deadline deadline = Deadline.after(vertx, STEP_MILLIS);
            channel.close(deadline).onComplete(closed -> deadline.met());
        }
    }

    private void tell() {
        for (RecoveryOutcome outcome : plan.outcomes()) {
            if (told.add(outcome)) {
                listener.recovered(outcome);
            }
        }
    }
}
