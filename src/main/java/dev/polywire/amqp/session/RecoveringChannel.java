package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.amqp.wire.Topology;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel that is recovered with its {@link RecoveringConnection}, and keeps its number. It opens when it is needed;
 * after a soft error its owner may open it again.
 */
final class RecoveringChannel {

    /** The owner of the channel. */
    interface Owner {

        /** The first requests on a new channel. */
        List<AmqpMethod> setup(ServerInfo server);

        /** A new channel is open; no request has been sent on it. */
        default void opened(AmqpChannel channel) {}

        /** The channel is usable. @param consume its consumer, with the queue's present name; null if it has none */
        default void ready(BasicMethod.@Nullable Consume consume) {}

        /** The connection is lost; the channel will be recovered. */
        default void interrupted(RuntimeException cause) {}

        /** The channel has ended for good, or until it is opened again. */
        void ended(RuntimeException cause);

        default void delivery(AmqpEvent.Delivery delivery) {}

        default void returned(AmqpEvent.Returned returned) {}

        default void cancelled() {}

        /** The broker has closed the channel; it may be opened again. */
        default void closed(RuntimeException cause) {
            ended(cause);
        }

        /** The channel may be writable again. */
        default void writable() {}
    }

    private final RecoveringConnection connection;
    private final int number;
    private final Owner owner;
    private @Nullable AmqpChannel channel;
    private @Nullable Future<AmqpChannel> opening;
    private List<AmqpMethod> setup = List.of();
    /** Whether it is in the topology, so that recovery opens it again. */
    private boolean comesBack;
    /** Whether all setup requests are sent and answered. */
    private boolean isReady;

    RecoveringChannel(RecoveringConnection connection, Owner owner) {
        this.connection = connection;
        this.number = connection.nextChannel();
        this.owner = owner;
    }

    int number() {
        return number;
    }

    /** The channel, if it is usable. A channel that has ended fails its calls before it notifies us. */
    @Nullable
    AmqpChannel now() {
        AmqpChannel known = channel;
        return isReady && known != null && !known.isClosed() ? known : null;
    }

    /** The channel, opened if need be. */
    Future<AmqpChannel> open(Deadline deadline) {
        AmqpChannel known = now();
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Future<AmqpChannel> already = opening;
        if (already != null) {
            return already;
        }
        Future<AmqpChannel> begun = connection.ready(deadline).compose(up -> {
            AmqpChannel recovered = now();
            return recovered == null ? open(up, deadline) : Future.succeededFuture(recovered);
        });
        if (!begun.isComplete()) {
            opening = begun;
            begun.onComplete(done -> opening = null);
        }
        return begun;
    }

    /** Recovery has opened the channel, and will send the setup. */
    void adopt(AmqpChannel fresh) {
        use(fresh);
    }

    /** Recovery has started its consumer, or completed its setup. */
    void recovered(BasicMethod.@Nullable Consume consume) {
        AmqpChannel known = channel;
        if (!isReady && known != null && !known.isClosed()) {
            isReady = true;
            owner.ready(consume);
        }
    }

    /** Recovery is over, except for consumers that still wait. */
    void settled() {
        if (!hasConsumer()) {
            recovered(null);
        }
    }

    /** Recovery asks for this instead of what it would have asked for. */
    void recoverWith(AmqpMethod... requests) {
        if (comesBack) {
            for (AmqpMethod each : requests) {
                connection.topology().done(number, each, null);
            }
        }
    }

    /** Whether recovery will still open it again. */
    boolean isIn(Topology topology) {
        return hasConsumer() ? topology.hasConsumer(number) : topology.hasChannel(number);
    }

    /** Recovery does not open it again. */
    void notRecovered(RuntimeException cause) {
        close();
        owner.ended(cause);
    }

    /** It is not recovered any more: it ends with its connection, or when it is closed, and the owner is not told. */
    void retire() {
        forget();
    }

    /** Ends the channel without notifying the owner. */
    Future<Void> close() {
        AmqpChannel last = channel;
        channel = null;
        isReady = false;
        forget();
        if (last == null || last.isClosed()) {
            return Future.succeededFuture();
        }
        Deadline deadline = Deadline.after(connection.vertx(), Recovery.STEP_MILLIS);
        return last.close(deadline).onComplete(closed -> deadline.met());
    }

    private Future<AmqpChannel> open(AmqpConnection up, Deadline deadline) {
        setup = owner.setup(up.server());
        return up.openChannel(deadline).compose(fresh -> {
            use(fresh);
            List<Future<@Nullable AmqpMethod>> answers = new ArrayList<>();
            for (AmqpMethod each : setup) {
                answers.add(fresh.send(each, deadline));
            }
            return Future.all(answers)
                    .onFailure(cause -> {
                        if (channel == fresh) {
                            close();
                        }
                    })
                    .map(all -> begun(fresh, all.list()));
        });
    }

    private AmqpChannel begun(AmqpChannel fresh, List<@Nullable AmqpMethod> answers) {
        comesBack = true;
        connection.add(this);
        connection.topology().channelOpened(number);
        String declared = "";
        BasicMethod.Consume consume = null;
        for (int i = 0; i < setup.size(); i++) {
            AmqpMethod each = setup.get(i);
            connection.topology().done(number, each, answers.get(i));
            if (answers.get(i) instanceof QueueMethod.DeclareOk ok) {
                declared = ok.queue();
            } else if (each instanceof BasicMethod.Consume asked) {
                consume = asked.queue().isEmpty() ? asked.of(declared) : asked;
            }
        }
        isReady = true;
        owner.ready(consume);
        return fresh;
    }

    private void use(AmqpChannel fresh) {
        channel = fresh;
        isReady = false;
        fresh.listener(new AmqpChannel.Listener() {
            @Override
            public void delivery(AmqpEvent.Delivery delivery) {
                owner.delivery(delivery);
            }

            @Override
            public void returned(AmqpEvent.Returned returned) {
                owner.returned(returned);
            }

            @Override
            public void cancelled(String consumerTag) {
                owner.cancelled();
            }

            @Override
            public void flow(boolean active) {
                owner.writable();
            }

            @Override
            public void closed(RuntimeException cause) {
                if (channel == fresh) {
                    lost(cause);
                }
            }
        });
        owner.opened(fresh);
    }

    private void lost(RuntimeException cause) {
        boolean wasReady = isReady;
        channel = null;
        isReady = false;
        boolean soft = cause instanceof AmqpException refused && refused.kind() == AmqpException.Kind.CHANNEL_CLOSED;
        if (!comesBack || soft && !wasReady) {
            // The failed request already reports this to the opener or to the plan.
            return;
        }
        if (connection.isClosed()) {
            forget();
            owner.ended(cause);
        } else if (soft) {
            forget();
            owner.closed(cause);
        } else if (wasReady) {
            owner.interrupted(cause);
        }
    }

    private void forget() {
        if (comesBack) {
            comesBack = false;
            connection.remove(this);
            connection.topology().channelClosed(number);
        }
    }

    private boolean hasConsumer() {
        return setup.stream().anyMatch(BasicMethod.Consume.class::isInstance);
    }
}
