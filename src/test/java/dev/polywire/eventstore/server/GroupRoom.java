package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;

/** A server's groups without sockets, on a clock that a test moves. */
final class GroupRoom {

    static final User ADMIN = new User("admin", Set.of(User.ADMINS));
    static final User OPS = new User("ops", Set.of(User.OPS));
    static final String STREAM = "ponies";
    static final String GROUP = "g";
    static final String KEY = STREAM + "::" + GROUP;

    private static final long EPOCH_MILLIS = 1_795_000_000_000L;

    final EventStoreDatabase database;
    private final EventStoreNode node;
    private long nowMillis;

    GroupRoom(ServerVersion version) {
        this.database = new EventStoreDatabase(version, () -> EPOCH_MILLIS + nowMillis, () -> nowMillis);
        this.node = new EventStoreNode(database);
    }

    /** With a group that has these settings. */
    static GroupRoom of(Wish wish) {
        GroupRoom room = new GroupRoom(ServerVersion.V5_0_11);
        List<EventStoreMessage> answers = room.ask(ADMIN, wish.create());
        if (!answers.equals(List.of(created(PersistentMessage.CreateResult.SUCCESS, "")))) {
            throw new AssertionError(answers);
        }
        return room;
    }

    static EventStoreMessage created(PersistentMessage.CreateResult result, String reason) {
        return new PersistentMessage.CreatePersistentSubscriptionCompleted(result, reason);
    }

    GroupConsumer client() {
        return new GroupConsumer(node);
    }

    /** A client that may have so many events in flight. */
    GroupConsumer consumer(int allowedInFlight) {
        GroupConsumer client = client();
        client.connect(allowedInFlight);
        return client;
    }

    /** What is answered to a client of its own. */
    List<EventStoreMessage> ask(User user, PersistentMessage message) {
        return client().ask(user, message);
    }

    /** Lets time pass; what is due on the way is done when it is due. */
    void pass(long millis) {
        long until = nowMillis + millis;
        while (database.deadlineMillis() <= until) {
            nowMillis = database.deadlineMillis();
            database.tick(nowMillis);
        }
        nowMillis = until;
    }

    /** Writes events whose ids and data are these numbers. */
    void write(long... ids) {
        write(STREAM, "t", ids);
    }

    void write(String stream, String type, long... ids) {
        database.store()
                .write(
                        stream,
                        -2,
                        LongStream.of(ids)
                                .mapToObj(id -> event(type, id, Long.toString(id), ""))
                                .toList());
    }

    void write(String stream, NewEvent event) {
        database.store().write(stream, -2, List.of(event));
    }

    static NewEvent event(String type, long id, String data, String metadata) {
        return new NewEvent(id(id), type, NewEvent.BINARY, Buffer.buffer(data), Buffer.buffer(metadata));
    }

    static NewEvent metadata(String json) {
        return new NewEvent(UUID.randomUUID(), "$metadata", NewEvent.JSON, Buffer.buffer(json), Buffer.buffer());
    }

    static UUID id(long number) {
        return new UUID(7, number);
    }

    /** The data of the events of a stream that can be read. */
    List<String> data(String stream) {
        return events(stream).stream().map(each -> each.data().toString()).toList();
    }

    List<StoredEvent> events(String stream) {
        return new ArrayList<>(database.store().page(stream, 0, 100_000));
    }

    List<String> checkpoints() {
        return data("$persistentsubscription-" + KEY + "-checkpoint");
    }

    List<String> parked() {
        return data("$persistentsubscription-" + KEY + "-parked");
    }

    /** Settings of a group: those that clients' libraries send, where a test wants no others. */
    static final class Wish {
        String stream = STREAM;
        String group = GROUP;
        boolean links;
        long from;
        int timeoutMillis = 30_000;
        int liveBuffer = 500;
        int readBatch = 20;
        int buffer = 500;
        int maxRetries = 10;
        int checkpointMillis = 2_000;
        int maxCheckpoint = 1_000;
        int minCheckpoint = 10;
        int maxClients;
        String strategy = "RoundRobin";

        PersistentSubscriptionSettings settings() {
            return new PersistentSubscriptionSettings(
                    group,
                    stream,
                    links,
                    from,
                    timeoutMillis,
                    false,
                    liveBuffer,
                    readBatch,
                    buffer,
                    maxRetries,
                    false,
                    checkpointMillis,
                    maxCheckpoint,
                    minCheckpoint,
                    maxClients,
                    strategy);
        }

        PersistentMessage create() {
            return new PersistentMessage.CreatePersistentSubscription(settings());
        }

        PersistentMessage update() {
            return new PersistentMessage.UpdatePersistentSubscription(settings());
        }
    }
}
