package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.amqp.wire.Topology;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the classes {@code exchange} and {@code queue}, on a connection of their own: a broker may close the connection
 * over one of them, and nobody else is to notice. They begin in the order of the calls.
 *
 * <pre>
 *   on the connection that consumes   what concerns an exclusive queue, which belongs to it, and server-named queues
 *   together, up to four              the same method about different things: declare, bind, unbind
 *   alone                             purge, delete: an answer that is lost cannot be asked for again
 * </pre>
 *
 * <p>The broker's error does not say which channel it is about. Who was in flight alone is refused; those that were together
 * are sent again, one at a time, within their deadlines.
 */
final class Declarations implements OccasionalConnection.Owner {

    /** At a time: a slow one, as of a quorum queue, does not hold up the next. */
    private static final int MAX_CHANNELS = 4;

    private static final int MAX_WAITING = 10_000;

    private final RecoveringConnection consuming;
    private final SynchronousChannel onConsuming;
    private final boolean recorded;
    private final OccasionalConnection own;
    private final ArrayDeque<Declaration> waiting = new ArrayDeque<>();
    private final List<Declaration> inFlight = new ArrayList<>();
    /** Open, and not used now. */
    private final ArrayDeque<AmqpChannel> idle = new ArrayDeque<>();
    /** In flight, together, when the broker ended the connection over one of them. */
    private final List<Ended> suspects = new ArrayList<>();
    /** Not sent when their connection ended. */
    private final List<Declaration> unsent = new ArrayList<>();
    /** Channels that are closed since an answer is missing. */
    private int leaving;

    private long last;
    private boolean advancing;
    private boolean closed;

    private record Ended(Declaration declaration, Throwable cause, AmqpException said) {}

    /**
     * @param onConsuming a channel of the connection that consumes
     * @param recorded whether recovery repeats the declarations, on the connection that consumes
     * @param dial a connection of their own
     */
    Declarations(
            RecoveringConnection consuming,
            SynchronousChannel onConsuming,
            boolean recorded,
            Supplier<Future<AmqpConnection>> dial,
            Random random) {
        this.consuming = consuming;
        this.onConsuming = onConsuming;
        this.recorded = recorded;
        // With quick reconnects of its own: refused requests must not use up those of the other connections.
        this.own = new OccasionalConnection(
                consuming.vertx(), dial, new Backoff(random), new StandingRefusal(random), this);
    }

    Future<@Nullable AmqpMethod> send(AmqpMethod request, Deadline deadline) {
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(new CallException(Reason.OVERLOADED, waiting.size() + " declarations wait"));
        }
        Declaration declaration = new Declaration(++last, request, deadline);
        waiting.add(declaration);
        watch(declaration);
        advance();
        return declaration.answer();
    }

    /** Gives its connection a fresh token, if there is one. */
    Future<Void> updateSecret(Buffer secret, String reason, Deadline deadline) {
        AmqpConnection up = own.now();
        return up == null ? Future.succeededFuture() : up.updateSecret(secret, reason, deadline);
    }

    /** The connection of its own; null: there is none, since none is needed. */
    Link.@Nullable State state() {
        return own.state();
    }

    /** Begins what may begin. Called whenever that may have changed. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            for (Declaration next = next(); next != null; next = next()) {
                waiting.remove();
                start(next);
            }
        } finally {
            advancing = false;
        }
    }

    /** See {@link OccasionalConnection#look}. */
    void look(long nowMillis) {
        own.look(nowMillis);
    }

    /** Those that wait fail. */
    Future<Void> close() {
        closed = true;
        fail(RecoveringConnection.closing());
        return own.close();
    }

    @Override
    public boolean isBusy() {
        return !inFlight.isEmpty() || !waiting.isEmpty();
    }

    @Override
    public void changed() {
        advance();
    }

    /** The next one, if it may begin. */
    private @Nullable Declaration next() {
        Declaration next = waiting.peek();
        if (next == null || closed) {
            return null;
        }
        if (consuming.now() == null) {
            // Recovery comes first.
            CallException refused = consuming.refusal();
            if (refused != null) {
                fail(refused);
            }
            return null;
        }
        boolean begins = inFlight.isEmpty() && leaving == 0;
        if (!begins && (next.isAlone() || !inFlight.stream().allMatch(next::goesWith))) {
            return null;
        }
        AmqpConnection up = own.now();
        next.goesToConsuming = belongsToConsuming(next.request) || up == null && own.isUnreachable();
        if (next.goesToConsuming) {
            return inFlight.isEmpty() ? next : null;
        }
        if (up == null) {
            own.open();
            return null;
        }
        int limit = Math.min(MAX_CHANNELS, up.tuning().maxChannels());
        return inFlight.size() + leaving < limit && inFlight.stream().noneMatch(each -> each.goesToConsuming)
                ? next
                : null;
    }

    /** Whether it concerns a queue that belongs to the connection that consumes. */
    private boolean belongsToConsuming(AmqpMethod request) {
        Topology topology = consuming.topology();
        if (request instanceof QueueMethod.Declare declare) {
            return declare.exclusive() || declare.queue().isEmpty() || topology.hasExclusive(declare.queue());
        }
        return request instanceof QueueMethod.Bind bind && topology.hasExclusive(bind.queue())
                || request instanceof QueueMethod.Unbind unbind && topology.hasExclusive(unbind.queue())
                || request instanceof QueueMethod.Purge purge && topology.hasExclusive(purge.queue())
                || request instanceof QueueMethod.Delete delete && topology.hasExclusive(delete.queue());
    }

    private void start(Declaration declaration) {
        inFlight.add(declaration);
        declaration.isBesideLate = leaving > 0;
        own.used();
        AmqpConnection up = own.now();
        if (declaration.goesToConsuming || up == null) {
            onConsuming.send(declaration.request, declaration.deadline).onComplete(answered -> {
                if (answered.succeeded()) {
                    over(declaration, () -> declaration.answered(answered.result()));
                } else {
                    over(declaration, () -> declaration.failed(answered.cause()));
                }
            });
            return;
        }
        AmqpChannel kept = kept();
        Future<AmqpChannel> opened = kept == null ? up.openChannel(declaration.deadline) : Future.succeededFuture(kept);
        opened.onComplete(open -> {
            if (open.succeeded() && !open.result().isClosed()) {
                send(declaration, open.result());
            } else if (up.isClosed()) {
                over(declaration, () -> unsent.add(declaration));
            } else {
                over(declaration, () -> declaration.failed(open.cause()));
            }
        });
    }

    private void send(Declaration declaration, AmqpChannel channel) {
        channel.send(declaration.request, declaration.deadline).onComplete(answered -> {
            if (answered.succeeded()) {
                idle.add(channel);
                if (recorded) {
                    consuming.topology().done(declaration.request, answered.result());
                }
                over(declaration, () -> declaration.answered(answered.result()));
                return;
            }
            if (!channel.isClosed()) {
                leave(channel);
            }
            refused(declaration, answered.cause());
        });
    }

    private void refused(Declaration declaration, Throwable cause) {
        AmqpException broker = AmqpException.in(cause);
        if (broker != null && broker.isHard()) {
            over(declaration, () -> suspects.add(new Ended(declaration, cause, broker)));
        } else if (broker != null && broker.reason().code() == ReplyCode.RESOURCE_LOCKED.code()) {
            // Perhaps by our other connection, of which the topology does not know.
            inFlight.remove(declaration);
            declaration.goesToConsuming = true;
            start(declaration);
        } else {
            over(declaration, () -> declaration.failed(cause));
        }
    }

    private void over(Declaration declaration, Runnable outcome) {
        inFlight.remove(declaration);
        own.used();
        outcome.run();
        if (inFlight.isEmpty()) {
            judge();
        }
        advance();
    }

    /** All that were in flight on a connection have ended with it: who is refused, and who is sent again? */
    private void judge() {
        List<Declaration> again = new ArrayList<>(unsent);
        unsent.clear();
        List<Ended> ended = List.copyOf(suspects);
        suspects.clear();
        for (Ended each : ended) {
            boolean isKnown = ended.size() == 1 && !each.declaration().isBesideLate;
            if (isKnown || !each.declaration().isRepeatable()) {
                each.declaration().failed(each.cause());
            } else {
                each.declaration().suspected(each.said());
                again.add(each.declaration());
            }
        }
        again.sort(Comparator.comparingLong((Declaration each) -> each.number).reversed());
        for (Declaration each : again) {
            if (closed) {
                each.failed(RecoveringConnection.closing());
            } else {
                waiting.addFirst(each);
                watch(each);
            }
        }
    }

    private @Nullable AmqpChannel kept() {
        AmqpChannel next = idle.poll();
        while (next != null && next.isClosed()) {
            next = idle.poll();
        }
        return next;
    }

    /** The answer is missing: what is sent behind it could be taken for the cause of its error. */
    private void leave(AmqpChannel channel) {
        leaving++;
        inFlight.forEach(each -> each.isBesideLate = true);
        Deadline deadline = Deadline.after(consuming.vertx(), Recovery.STEP_MILLIS);
        channel.close(deadline).onComplete(left -> {
            deadline.met();
            leaving--;
            advance();
        });
    }

    private void watch(Declaration declaration) {
        declaration.watch(() -> {
            if (waiting.remove(declaration)) {
                declaration.expired(obstacle());
                advance();
            }
        });
    }

    private String obstacle() {
        return consuming.now() == null
                ? String.valueOf(consuming.unavailable("no connection").getMessage())
                : own.obstacle();
    }

    private void fail(CallException why) {
        for (Declaration each = waiting.poll(); each != null; each = waiting.poll()) {
            each.failed(why);
        }
    }
}
