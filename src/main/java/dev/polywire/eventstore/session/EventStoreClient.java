package dev.polywire.eventstore.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a connection to a server up, and sends operations on it, again where that is right. Belongs to one context. */
public final class EventStoreClient {

    /** What goes on with each new connection: a subscription. It learns of the end of a connection by its conversation there. */
    public interface Follower {

        /** There is a connection, which may end even while it is used here. */
        void up(EventStoreConnection connection);
    }

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Vertx vertx;
    private final Dialer dialer;
    private final Link<EventStoreConnection> link;
    private @Nullable EventStoreConnection last;
    private final Set<Follower> followers = new LinkedHashSet<>();
    private long strayAnswersBefore;
    private long repeated;

    /** @param states receives the states of the connection */
    public EventStoreClient(
            Vertx vertx, EndpointOptions endpoint, EventStoreClientOptions options, Spi spi, Link.Listener states) {
        this.vertx = vertx;
        this.dialer = new Dialer(vertx, endpoint, "eventstore", spi);
        this.link = new Link<>(
                vertx,
                () -> EventStoreConnection.connect(dialer, options).onSuccess(this::made),
                new Backoff(new Random()),
                (state, cause) -> {
                    states.state(state, cause);
                    if (state == Link.State.READY) {
                        List.copyOf(followers).forEach(this::tell);
                    }
                });
    }

    /** Starts to connect. @return the outcome of the first attempt; the client tries again after a failure */
    public Future<Void> start() {
        return link.start();
    }

    /** Sends an operation as soon as there is a connection. @return {@link EventStoreCall#answer} */
    public Future<EventStoreMessage> send(EventStoreCall call, Repetition repetition) {
        new Attempts(call, repetition).send();
        return call.answer();
    }

    /** Begins to follow, with the connection that there is, if there is one. */
    public void follow(Follower follower) {
        followers.add(follower);
        tell(follower);
    }

    /** No longer. */
    public void leave(Follower follower) {
        followers.remove(follower);
    }

    private void tell(Follower follower) {
        EventStoreConnection up = link.now();
        if (up != null && followers.contains(follower)) {
            follower.up(up);
        }
    }

    /** Answers to nobody, or to callers who had given up. */
    public long strayAnswers() {
        return strayAnswersBefore + (last == null ? 0 : last.strayAnswers());
    }

    /** Operations that were sent again, each time. */
    public long repeated() {
        return repeated;
    }

    /** Closes for good: calls in flight fail with the code that applies to each. */
    public Future<Void> close() {
        link.close();
        return dialer.close();
    }

    private void made(EventStoreConnection connection) {
        strayAnswersBefore = strayAnswers();
        last = connection;
    }

    /** One operation, through all its sendings. */
    private final class Attempts implements EventStoreCall.Repeater {

        private final EventStoreCall call;
        private final Repetition repetition;
        private long pauseMillis = FIRST_PAUSE_MILLIS;

        Attempts(EventStoreCall call, Repetition repetition) {
            this.call = call;
            this.repetition = repetition;
            call.repeatedBy(this);
        }

        void send() {
            EventStoreConnection up = link.now();
            if (up != null) {
                up.send(call);
            } else {
                link.ready(call.patience()).onSuccess(now -> now.send(call)).onFailure(call::failed);
            }
        }

        @Override
        public boolean again(EventStoreCall same, RuntimeException why) {
            if (call.patience().expired()) {
                return false;
            }
            if (why instanceof CallException lost) {
                boolean may = lost.hadNoEffect() || lost.isUnknown() && repetition.survivesUnknown();
                if (may) {
                    call.again(lost);
                    later(lost.getCause() instanceof EventStoreException, why);
                }
                return may;
            }
            boolean may = why instanceof EventStoreException refused
                    && refused.reason().isOfNode();
            if (may) {
                later(true, why);
            }
            return may;
        }

        /** @param pause whether the server has asked for patience */
        private void later(boolean pause, RuntimeException why) {
            repeated++;
            if (!pause) {
                // The link learns of the lost connection in this turn, after its calls.
                vertx.runOnContext(now -> send());
                return;
            }
            long timer = vertx.setTimer(pauseMillis, now -> send());
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            call.watch(() -> {
                vertx.cancelTimer(timer);
                call.failed(why);
            });
        }
    }
}
