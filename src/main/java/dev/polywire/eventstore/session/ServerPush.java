package dev.polywire.eventstore.session;

import dev.polywire.core.net.Call;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.Conversation;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One subscription on one connection. Its id is known nowhere else, so it ends with the connection, and is left only there. */
final class ServerPush implements Conversation {

    /** Whose it is. Each of the last three is the last thing that it hears. */
    interface Owner {

        void confirmed(SubscriptionMessage.SubscriptionConfirmation how);

        void appeared(ReceivedEvent event);

        /** All up to here was looked at. */
        void checkpoint(Position position);

        /** The server has ended it, without a reason. */
        void unsubscribed();

        /** @param why what the server says, or that it cannot be understood, or that nothing can be sent */
        void refused(RuntimeException why);

        void lost(RuntimeException cause);
    }

    private static final String TOMBSTONE = "$streamDeleted";

    private final EventStoreConnection connection;
    private final Owner owner;
    private final @Nullable String streamId;
    private final boolean isFiltered;
    private @Nullable UUID id;
    private boolean over;

    private ServerPush(EventStoreConnection connection, Owner owner, @Nullable String streamId, boolean isFiltered) {
        this.connection = connection;
        this.owner = owner;
        this.streamId = streamId;
        this.isFiltered = isFiltered;
    }

    /** Begins it. @param streamId null: all events, which do not end with a stream */
    static ServerPush begin(
            EventStoreConnection connection,
            EventStoreMessage subscribe,
            @Nullable UserCredentials credentials,
            @Nullable String streamId,
            Owner owner) {
        ServerPush begun = new ServerPush(
                connection, owner, streamId, subscribe instanceof SubscriptionMessage.FilteredSubscribeToStream);
        try {
            begun.id = connection.begin(subscribe, credentials, begun);
        } catch (ProtocolException | IllegalArgumentException cannot) {
            begun.over = true;
            owner.refused(Call.unsendable(cannot));
        }
        return begun;
    }

    boolean isOver() {
        return over;
    }

    /** Nobody listens any more. What the server still pushes is passed over until it confirms that. */
    void leave() {
        if (!over && id != null) {
            over = true;
            connection.say(id, new SubscriptionMessage.UnsubscribeFromStream());
        }
    }

    /** The same before the server has said anything: it may never do so, and nothing is kept for that. */
    void abandon() {
        leave();
        if (id != null) {
            connection.leave(id);
        }
    }

    @Override
    public boolean heard(EventStoreMessage message) {
        if (message instanceof SubscriptionMessage.StreamEventAppeared appeared) {
            if (!over) {
                appeared(ReceivedEvent.of(appeared.event()));
            }
            return false;
        }
        EventStoreException why = EventStoreException.in(message);
        boolean last = why != null || message instanceof SubscriptionMessage.SubscriptionDropped;
        if (over) {
            return last;
        }
        if (message instanceof SubscriptionMessage.CheckpointReached reached && isFiltered) {
            owner.checkpoint(reached.position());
        } else if (message instanceof SubscriptionMessage.SubscriptionConfirmation how) {
            owner.confirmed(how);
        } else if (last) {
            over = true;
            if (why == null) {
                owner.unsubscribed();
            } else {
                owner.refused(why);
            }
        } else {
            refuse(ProtocolException.decode("subscription: " + message.command().protocolName() + " (expected: what "
                    + (isFiltered ? "a filtered one" : "one without a filter") + " is told)"));
        }
        return last;
    }

    private void appeared(ReceivedEvent event) {
        if (event.event() == null && event.link() == null) {
            refuse(EventPages.noEvent());
        } else if (streamId != null && event.original().eventType().equals(TOMBSTONE)) {
            refuse(EventStoreException.of(EventStoreException.Reason.STREAM_DELETED, null));
        } else {
            owner.appeared(event);
        }
    }

    private void refuse(RuntimeException why) {
        leave();
        owner.refused(why);
    }

    @Override
    public void unreadable(ProtocolException why) {
        if (!over) {
            refuse(why);
        }
    }

    @Override
    public void lost(RuntimeException cause) {
        if (!over) {
            over = true;
            owner.lost(cause);
        }
    }
}
