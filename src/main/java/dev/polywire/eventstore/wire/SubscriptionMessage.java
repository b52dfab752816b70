package dev.polywire.eventstore.wire;

import org.jspecify.annotations.Nullable;

/** Volatile subscriptions: events from now on, for as long as the connection is open. Each has the correlation id it began with. */
public sealed interface SubscriptionMessage extends EventStoreMessage {

    /**
     * {@code c0}
     *
     * @param eventStreamId empty: all events
     */
    record SubscribeToStream(String eventStreamId, boolean resolveLinkTos) implements SubscriptionMessage {
        static SubscribeToStream read(PayloadReader in) {
            Protobuf.SubscribeToStream from = in.message(Protobuf.SubscribeToStream.parser());
            return new SubscribeToStream(
                    in.text("event_stream_id", from.getEventStreamIdBytes()), from.getResolveLinkTos());
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.SubscribeToStream.newBuilder()
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setResolveLinkTos(resolveLinkTos));
        }
    }

    /**
     * {@code d2}
     *
     * @param checkpointInterval after how many events, passed on or not, a {@link CheckpointReached} is wanted
     */
    record FilteredSubscribeToStream(
            String eventStreamId, boolean resolveLinkTos, Filter filter, int checkpointInterval)
            implements SubscriptionMessage {
        static FilteredSubscribeToStream read(PayloadReader in) {
            Protobuf.FilteredSubscribeToStream from = in.message(Protobuf.FilteredSubscribeToStream.parser());
            return new FilteredSubscribeToStream(
                    in.text("event_stream_id", from.getEventStreamIdBytes()),
                    from.getResolveLinkTos(),
                    Filter.read(in, from.getFilter()),
                    from.getCheckpointInterval());
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.FilteredSubscribeToStream.newBuilder()
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setResolveLinkTos(resolveLinkTos)
                    .setFilter(filter.write())
                    .setCheckpointInterval(checkpointInterval));
        }
    }

    /**
     * {@code c1}
     *
     * @param lastEventNumber -1: no stream; null: all events are subscribed to, or the server is a late one and means 0
     */
    record SubscriptionConfirmation(
            long lastCommitPosition, @Nullable Long lastEventNumber) implements SubscriptionMessage {
        static SubscriptionConfirmation read(PayloadReader in) {
            Protobuf.SubscriptionConfirmation from = in.message(Protobuf.SubscriptionConfirmation.parser());
            return new SubscriptionConfirmation(
                    from.getLastCommitPosition(), from.hasLastEventNumber() ? from.getLastEventNumber() : null);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.SubscriptionConfirmation.Builder to =
                    Protobuf.SubscriptionConfirmation.newBuilder().setLastCommitPosition(lastCommitPosition);
            if (lastEventNumber != null) {
                to.setLastEventNumber(lastEventNumber);
            }
            out.message(to);
        }
    }

    /** {@code c2} */
    record StreamEventAppeared(ResolvedEvent event) implements SubscriptionMessage {
        static StreamEventAppeared read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            ResolvedEvent event = ResolvedEvent.NONE;
            while (in.next()) {
                if (in.tag() == 0x0a) {
                    event = ResolvedEvent.read(in);
                } else {
                    in.skip();
                }
            }
            return new StreamEventAppeared(event);
        }

        @Override
        public void write(PayloadWriter payload) {
            LinkedEvent.write(0x0a, event, payload.fields(LinkedEvent.leastBytes(event) + 2 * EventRecord.ROOM_BYTES));
        }
    }

    /** {@code d3}: all events up to here were looked at */
    record CheckpointReached(Position position) implements SubscriptionMessage {
        static CheckpointReached read(PayloadReader in) {
            Protobuf.CheckpointReached from = in.message(Protobuf.CheckpointReached.parser());
            return new CheckpointReached(new Position(from.getCommitPosition(), from.getPreparePosition()));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.CheckpointReached.newBuilder()
                    .setCommitPosition(position.commit())
                    .setPreparePosition(position.prepare()));
        }
    }

    /** {@code c3}: with the id of the subscription. */
    record UnsubscribeFromStream() implements SubscriptionMessage {}

    /** {@code c4}: also of a persistent subscription */
    record SubscriptionDropped(SubscriptionDropReason reason) implements SubscriptionMessage {
        static SubscriptionDropped read(PayloadReader in) {
            Protobuf.SubscriptionDropped from = in.message(Protobuf.SubscriptionDropped.parser());
            return new SubscriptionDropped(in.value("reason", SubscriptionDropReason.values(), from.getReason()));
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.SubscriptionDropped.Builder to = Protobuf.SubscriptionDropped.newBuilder();
            if (reason != SubscriptionDropReason.UNSUBSCRIBED) {
                to.setReason(reason.ordinal());
            }
            out.message(to);
        }
    }
}
