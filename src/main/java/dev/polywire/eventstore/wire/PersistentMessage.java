package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Persistent subscriptions: the server remembers how far a group of clients has come in a stream. */
public sealed interface PersistentMessage extends EventStoreMessage {

    /** The outcome of creating one. In the order of their numbers, from 0. */
    enum CreateResult {
        SUCCESS,
        ALREADY_EXISTS,
        FAIL,
        ACCESS_DENIED
    }

    /** The outcome of updating or deleting one. In the order of their numbers, from 0. */
    enum ChangeResult {
        SUCCESS,
        DOES_NOT_EXIST,
        FAIL,
        ACCESS_DENIED
    }

    /** {@code c8} */
    record CreatePersistentSubscription(PersistentSubscriptionSettings settings) implements PersistentMessage {
        static CreatePersistentSubscription read(PayloadReader in) {
            return new CreatePersistentSubscription(PersistentSubscriptionSettings.read(in));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(settings.write());
        }
    }

    /**
     * {@code c9}
     *
     * @param reason empty: none
     */
    record CreatePersistentSubscriptionCompleted(CreateResult result, String reason) implements PersistentMessage {
        static CreatePersistentSubscriptionCompleted read(PayloadReader in) {
            Protobuf.PersistentSubscriptionCompleted from =
                    in.message(Protobuf.PersistentSubscriptionCompleted.parser());
            return new CreatePersistentSubscriptionCompleted(
                    in.value("result", CreateResult.values(), from.getResult()),
                    in.text("reason", from.getReasonBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(completed(result, reason));
        }
    }

    /** {@code ce}: the server drops the clients of the group */
    record UpdatePersistentSubscription(PersistentSubscriptionSettings settings) implements PersistentMessage {
        static UpdatePersistentSubscription read(PayloadReader in) {
            return new UpdatePersistentSubscription(PersistentSubscriptionSettings.read(in));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(settings.write());
        }
    }

    /**
     * {@code cf}
     *
     * @param reason empty: none
     */
    record UpdatePersistentSubscriptionCompleted(ChangeResult result, String reason) implements PersistentMessage {
        static UpdatePersistentSubscriptionCompleted read(PayloadReader in) {
            Protobuf.PersistentSubscriptionCompleted from =
                    in.message(Protobuf.PersistentSubscriptionCompleted.parser());
            return new UpdatePersistentSubscriptionCompleted(
                    in.value("result", ChangeResult.values(), from.getResult()),
                    in.text("reason", from.getReasonBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(completed(result, reason));
        }
    }

    /** {@code ca} */
    record DeletePersistentSubscription(String subscriptionGroupName, String eventStreamId)
            implements PersistentMessage {
        static DeletePersistentSubscription read(PayloadReader in) {
            Protobuf.DeletePersistentSubscription from = in.message(Protobuf.DeletePersistentSubscription.parser());
            return new DeletePersistentSubscription(
                    in.text("subscription_group_name", from.getSubscriptionGroupNameBytes()),
                    in.text("event_stream_id", from.getEventStreamIdBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.DeletePersistentSubscription.newBuilder()
                    .setSubscriptionGroupNameBytes(PayloadWriter.text("subscription_group_name", subscriptionGroupName))
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId)));
        }
    }

    /**
     * {@code cb}
     *
     * @param reason empty: none
     */
    record DeletePersistentSubscriptionCompleted(ChangeResult result, String reason) implements PersistentMessage {
        static DeletePersistentSubscriptionCompleted read(PayloadReader in) {
            Protobuf.PersistentSubscriptionCompleted from =
                    in.message(Protobuf.PersistentSubscriptionCompleted.parser());
            return new DeletePersistentSubscriptionCompleted(
                    in.value("result", ChangeResult.values(), from.getResult()),
                    in.text("reason", from.getReasonBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(completed(result, reason));
        }
    }

    /**
     * {@code c5}
     *
     * @param subscriptionId name of the group
     * @param allowedInFlightMessages how many events may be on their way; with 0 none ever is
     */
    record ConnectToPersistentSubscription(String subscriptionId, String eventStreamId, int allowedInFlightMessages)
            implements PersistentMessage {
        static ConnectToPersistentSubscription read(PayloadReader in) {
            Protobuf.ConnectToPersistentSubscription from =
                    in.message(Protobuf.ConnectToPersistentSubscription.parser());
            return new ConnectToPersistentSubscription(
                    in.text("subscription_id", from.getSubscriptionIdBytes()),
                    in.text("event_stream_id", from.getEventStreamIdBytes()),
                    from.getAllowedInFlightMessages());
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.ConnectToPersistentSubscription.newBuilder()
                    .setSubscriptionIdBytes(PayloadWriter.text("subscription_id", subscriptionId))
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setAllowedInFlightMessages(allowedInFlightMessages));
        }
    }

    /**
     * {@code c6}
     *
     * @param subscriptionId what {@link PersistentSubscriptionAckEvents} must carry
     */
    record PersistentSubscriptionConfirmation(
            long lastCommitPosition,
            String subscriptionId,
            @Nullable Long lastEventNumber) implements PersistentMessage {
        static PersistentSubscriptionConfirmation read(PayloadReader in) {
            Protobuf.PersistentSubscriptionConfirmation from =
                    in.message(Protobuf.PersistentSubscriptionConfirmation.parser());
            return new PersistentSubscriptionConfirmation(
                    from.getLastCommitPosition(),
                    in.text("subscription_id", from.getSubscriptionIdBytes()),
                    from.hasLastEventNumber() ? from.getLastEventNumber() : null);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.PersistentSubscriptionConfirmation.Builder to =
                    Protobuf.PersistentSubscriptionConfirmation.newBuilder()
                            .setLastCommitPosition(lastCommitPosition)
                            .setSubscriptionIdBytes(PayloadWriter.text("subscription_id", subscriptionId));
            if (lastEventNumber != null) {
                to.setLastEventNumber(lastEventNumber);
            }
            out.message(to);
        }
    }

    /**
     * {@code c7}
     *
     * @param retryCount how often it was given before
     */
    record PersistentSubscriptionStreamEventAppeared(ResolvedIndexedEvent event, int retryCount)
            implements PersistentMessage {
        static PersistentSubscriptionStreamEventAppeared read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            ResolvedIndexedEvent event = ResolvedIndexedEvent.NONE;
            int retryCount = 0;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x0a -> event = ResolvedIndexedEvent.read(in);
                    case 0x10 -> retryCount = in.int32();
                    default -> in.skip();
                }
            }
            return new PersistentSubscriptionStreamEventAppeared(event, retryCount);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(LinkedEvent.leastBytes(event) + 2 * EventRecord.ROOM_BYTES);
            LinkedEvent.write(0x0a, event, out);
            out.number(0x10, retryCount);
        }
    }

    /**
     * {@code cc}
     *
     * @param processedEventIds as received: servers refuse one that has not 16 bytes. That of the link, if there is one
     */
    record PersistentSubscriptionAckEvents(String subscriptionId, List<Buffer> processedEventIds)
            implements PersistentMessage {
        static PersistentSubscriptionAckEvents read(PayloadReader in) {
            Protobuf.PersistentSubscriptionAckEvents from =
                    in.message(Protobuf.PersistentSubscriptionAckEvents.parser());
            return new PersistentSubscriptionAckEvents(
                    in.text("subscription_id", from.getSubscriptionIdBytes()),
                    PayloadReader.bytes(from.getProcessedEventIdsList()));
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.PersistentSubscriptionAckEvents.newBuilder()
                    .setSubscriptionIdBytes(PayloadWriter.text("subscription_id", subscriptionId))
                    .addAllProcessedEventIds(PayloadWriter.bytes(processedEventIds)));
        }
    }

    /**
     * {@code cd}
     *
     * @param processedEventIds as in {@link PersistentSubscriptionAckEvents}
     * @param message null: none
     * @param action number of a {@link NakAction}, as received: servers refuse one that they do not know
     */
    record PersistentSubscriptionNakEvents(
            String subscriptionId,
            List<Buffer> processedEventIds,
            @Nullable String message,
            int action) implements PersistentMessage {
        static PersistentSubscriptionNakEvents read(PayloadReader in) {
            Protobuf.PersistentSubscriptionNakEvents from =
                    in.message(Protobuf.PersistentSubscriptionNakEvents.parser());
            return new PersistentSubscriptionNakEvents(
                    in.text("subscription_id", from.getSubscriptionIdBytes()),
                    PayloadReader.bytes(from.getProcessedEventIdsList()),
                    in.text("message", from.hasMessage(), from.getMessageBytes()),
                    from.getAction());
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.PersistentSubscriptionNakEvents.Builder to = Protobuf.PersistentSubscriptionNakEvents.newBuilder()
                    .setSubscriptionIdBytes(PayloadWriter.text("subscription_id", subscriptionId))
                    .addAllProcessedEventIds(PayloadWriter.bytes(processedEventIds))
                    .setAction(action);
            if (message != null) {
                to.setMessageBytes(PayloadWriter.text("message", message));
            }
            out.message(to);
        }
    }

    private static Protobuf.PersistentSubscriptionCompleted.Builder completed(Enum<?> result, String reason) {
        return Protobuf.PersistentSubscriptionCompleted.newBuilder()
                .setResult(result.ordinal())
                .setReasonBytes(PayloadWriter.text("reason", reason));
    }
}
