package dev.polywire.eventstore.session;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.Conversation;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** A client on a context of its own, used from a test's thread. */
final class ClientAtWork implements AutoCloseable {

    static final long LONG_MILLIS = 20_000;

    final Vertx vertx;
    /** Of the connection, in order. */
    final BlockingQueue<Link.State> states = new LinkedBlockingQueue<>();

    private final Context context;
    private final EventStoreClient client;
    private final boolean ownVertx;

    ClientAtWork(EndpointOptions endpoint, EventStoreClusterOptions cluster, EventStoreClientOptions options) {
        this(endpoint, cluster, options, QuickPauses.PAUSES);
    }

    ClientAtWork(
            EndpointOptions endpoint,
            EventStoreClusterOptions cluster,
            EventStoreClientOptions options,
            ClientPauses pauses) {
        this(Vertx.vertx(), endpoint, cluster, options, pauses, true);
    }

    /** @param vertx is closed by the test */
    ClientAtWork(
            Vertx vertx, EndpointOptions endpoint, EventStoreClusterOptions cluster, EventStoreClientOptions options) {
        this(vertx, endpoint, cluster, options, QuickPauses.PAUSES, false);
    }

    private ClientAtWork(
            Vertx vertx,
            EndpointOptions endpoint,
            EventStoreClusterOptions cluster,
            EventStoreClientOptions options,
            ClientPauses pauses,
            boolean ownVertx) {
        this.vertx = vertx;
        this.ownVertx = ownVertx;
        this.context = vertx.getOrCreateContext();
        this.client = on(() -> new EventStoreClient(
                vertx, endpoint, cluster, options, Spi.NONE, (state, cause) -> states.add(state), pauses));
    }

    /** To loopback, without a login. */
    static ClientAtWork at(int port, EventStoreClusterOptions cluster) {
        return new ClientAtWork(EndpointOptions.of("127.0.0.1", port), cluster, EventStoreClientOptions.of(null));
    }

    Future<Void> starting() {
        return Future.future(
                outcome -> context.runOnContext(now -> client.start().onComplete(outcome)));
    }

    ClientAtWork start() {
        Outcome.value(starting());
        return this;
    }

    <T> T on(Supplier<T> work) {
        return Outcome.on(context, () -> Future.succeededFuture(work.get()));
    }

    EventStoreClient client() {
        return client;
    }

    Future<EventStoreMessage> send(EventStoreMessage question, Repetition repetition, long millis) {
        return Future.future(outcome -> context.runOnContext(now -> client.send(
                        new EventStoreCall(question, null, Deadline.after(vertx, millis)), repetition)
                .onComplete(outcome)));
    }

    Future<EventStoreMessage> send(EventStoreMessage question) {
        return send(question, question instanceof ReadMessage ? Repetition.READ : Repetition.SAME_IDS, LONG_MILLIS);
    }

    /** On the client's context. */
    Future<EventStoreMessage> sendHere(EventStoreMessage question, Repetition repetition) {
        return client.send(new EventStoreCall(question, null, Deadline.after(vertx, LONG_MILLIS)), repetition);
    }

    /** One event; only a leader takes it by itself. */
    static WriteMessage.WriteEvents write(String stream, long expectedVersion, int bytes) {
        return write(stream, expectedVersion, bytes, true);
    }

    static WriteMessage.WriteEvents write(String stream, long expectedVersion, int bytes, boolean requireLeader) {
        NewEvent event =
                new NewEvent(UUID.randomUUID(), "t", NewEvent.BINARY, Buffer.buffer(new byte[bytes]), Buffer.buffer());
        return new WriteMessage.WriteEvents(stream, expectedVersion, List.of(event), requireLeader);
    }

    static ReadMessage.ReadStreamEvents read(String stream, int maxCount, boolean requireLeader) {
        return new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, stream, 0, maxCount, false, requireLeader);
    }

    /** What is heard by a volatile subscription that begins on each new connection. */
    BlockingQueue<Object> subscribed(String stream, boolean atLeader) {
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        EventStoreClient.Follower follower = connection -> {
            heard.add(connection);
            connection.begin(new SubscriptionMessage.SubscribeToStream(stream, false), null, listener(heard));
        };
        on(() -> {
            if (atLeader) {
                client.followLeader(follower);
            } else {
                client.follow(follower);
            }
            return true;
        });
        return heard;
    }

    static Conversation listener(BlockingQueue<Object> heard) {
        return new Conversation() {
            @Override
            public boolean heard(EventStoreMessage message) {
                heard.add(message);
                return false;
            }

            @Override
            public void unreadable(ProtocolException why) {
                heard.add(why);
            }

            @Override
            public void lost(RuntimeException cause) {
                heard.add(cause);
            }
        };
    }

    static String target(Object connection) {
        return ((EventStoreConnection) connection).target();
    }

    @Override
    public void close() {
        Outcome.on(context, client::close);
        if (ownVertx) {
            Outcome.value(vertx.close());
        }
    }
}
