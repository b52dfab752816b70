package dev.polywire.eventstore.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writing: events, transactions, and the end of a stream. Numbers in an answer are those of the first and the last event written,
 * -2^31 when nothing was.
 */
public sealed interface WriteMessage extends EventStoreMessage {

    /**
     * {@code 82}
     *
     * @param expectedVersion number of the stream's last event; -1: no stream, -2: any, -4: an existing stream
     * @param requireLeader whether another node than the leader must refuse
     */
    record WriteEvents(String eventStreamId, long expectedVersion, List<NewEvent> events, boolean requireLeader)
            implements WriteMessage {
        static WriteEvents read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            long eventStreamId = 0;
            long expectedVersion = 0;
            List<NewEvent> events = new ArrayList<>(1);
            boolean requireLeader = false;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x0a -> eventStreamId = in.span();
                    case 0x10 -> expectedVersion = in.int64();
                    case 0x1a -> events.add(NewEvent.read(in));
                    case 0x20 -> requireLeader = in.flag();
                    default -> in.skip();
                }
            }
            return new WriteEvents(
                    in.text("event_stream_id", eventStreamId),
                    expectedVersion,
                    Collections.unmodifiableList(events),
                    requireLeader);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(NewEvent.roomBytes(events) + eventStreamId.length());
            out.text(0x0a, "event_stream_id", eventStreamId).number(0x10, expectedVersion);
            NewEvent.write(0x1a, events, out);
            out.flag(0x20, requireLeader);
        }
    }

    /**
     * {@code 83}
     *
     * @param message null: the server has nothing to say
     * @param currentVersion number of the last event that was there, when another one was expected; not when it was written
     */
    record WriteEventsCompleted(
            OperationResult result,
            @Nullable String message,
            long firstEventNumber,
            long lastEventNumber,
            long preparePosition,
            long commitPosition,
            long currentVersion)
            implements WriteMessage {
        /** Of a stream with millions of events. */
        private static final int ROOM_BYTES = 40;

        static WriteEventsCompleted read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            int result = 0;
            long message = ProtobufReader.ABSENT;
            long firstEventNumber = 0;
            long lastEventNumber = 0;
            long preparePosition = 0;
            long commitPosition = 0;
            long currentVersion = 0;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x08 -> result = in.int32();
                    case 0x12 -> message = in.span();
                    case 0x18 -> firstEventNumber = in.int64();
                    case 0x20 -> lastEventNumber = in.int64();
                    case 0x28 -> preparePosition = in.int64();
                    case 0x30 -> commitPosition = in.int64();
                    case 0x38 -> currentVersion = in.int64();
                    default -> in.skip();
                }
            }
            return new WriteEventsCompleted(
                    payload.value("result", OperationResult.values(), result),
                    in.textOrNull("message", message),
                    firstEventNumber,
                    lastEventNumber,
                    preparePosition,
                    commitPosition,
                    currentVersion);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(ROOM_BYTES);
            out.number(0x08, result.ordinal());
            if (message != null) {
                out.text(0x12, "message", message);
            }
            out.number(0x18, firstEventNumber)
                    .number(0x20, lastEventNumber)
                    .number(0x28, preparePosition)
                    .number(0x30, commitPosition)
                    .number(0x38, currentVersion);
        }
    }

    /**
     * {@code 8a}
     *
     * @param expectedVersion number of the stream's last event; -1: no stream, -2: any, -4: an existing stream
     * @param hardDelete true: for ever; false or null: until something is written
     */
    record DeleteStream(
            String eventStreamId,
            long expectedVersion,
            boolean requireLeader,
            @Nullable Boolean hardDelete) implements WriteMessage {
        static DeleteStream read(PayloadReader in) {
            Protobuf.DeleteStream from = in.message(Protobuf.DeleteStream.parser());
            return new DeleteStream(
                    in.text("event_stream_id", from.getEventStreamIdBytes()),
                    from.getExpectedVersion(),
                    from.getRequireLeader(),
                    from.hasHardDelete() ? from.getHardDelete() : null);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.DeleteStream.Builder to = Protobuf.DeleteStream.newBuilder()
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setExpectedVersion(expectedVersion)
                    .setRequireLeader(requireLeader);
            if (hardDelete != null) {
                to.setHardDelete(hardDelete);
            }
            out.message(to);
        }
    }

    /**
     * {@code 8b}
     *
     * @param message null: the server has nothing to say
     * @param currentVersion null: the server is older than 21.10
     */
    record DeleteStreamCompleted(
            OperationResult result,
            @Nullable String message,
            long preparePosition,
            long commitPosition,
            @Nullable Long currentVersion)
            implements WriteMessage {
        static DeleteStreamCompleted read(PayloadReader in) {
            Protobuf.DeleteStreamCompleted from = in.message(Protobuf.DeleteStreamCompleted.parser());
            return new DeleteStreamCompleted(
                    in.value("result", OperationResult.values(), from.getResult()),
                    in.text("message", from.hasMessage(), from.getMessageBytes()),
                    from.getPreparePosition(),
                    from.getCommitPosition(),
                    from.hasCurrentVersion() ? from.getCurrentVersion() : null);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.DeleteStreamCompleted.Builder to = Protobuf.DeleteStreamCompleted.newBuilder()
                    .setResult(result.ordinal())
                    .setPreparePosition(preparePosition)
                    .setCommitPosition(commitPosition);
            if (message != null) {
                to.setMessageBytes(PayloadWriter.text("message", message));
            }
            if (currentVersion != null) {
                to.setCurrentVersion(currentVersion);
            }
            out.message(to);
        }
    }

    /**
     * {@code 84}
     *
     * @param expectedVersion number of the stream's last event; -1: no stream, -2: any, looked at when it is committed
     */
    record TransactionStart(String eventStreamId, long expectedVersion, boolean requireLeader) implements WriteMessage {
        static TransactionStart read(PayloadReader in) {
            Protobuf.TransactionStart from = in.message(Protobuf.TransactionStart.parser());
            return new TransactionStart(
                    in.text("event_stream_id", from.getEventStreamIdBytes()),
                    from.getExpectedVersion(),
                    from.getRequireLeader());
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.TransactionStart.newBuilder()
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setExpectedVersion(expectedVersion)
                    .setRequireLeader(requireLeader));
        }
    }

    /**
     * {@code 85}
     *
     * @param transactionId -1: none
     * @param message null: the server has nothing to say
     */
    record TransactionStartCompleted(
            long transactionId,
            OperationResult result,
            @Nullable String message) implements WriteMessage {
        static TransactionStartCompleted read(PayloadReader in) {
            Protobuf.TransactionStartCompleted from = in.message(Protobuf.TransactionStartCompleted.parser());
            return new TransactionStartCompleted(
                    from.getTransactionId(),
                    in.value("result", OperationResult.values(), from.getResult()),
                    in.text("message", from.hasMessage(), from.getMessageBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.TransactionStartCompleted.Builder to = Protobuf.TransactionStartCompleted.newBuilder()
                    .setTransactionId(transactionId)
                    .setResult(result.ordinal());
            if (message != null) {
                to.setMessageBytes(PayloadWriter.text("message", message));
            }
            out.message(to);
        }
    }

    /** {@code 86} */
    record TransactionWrite(long transactionId, List<NewEvent> events, boolean requireLeader) implements WriteMessage {
        static TransactionWrite read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            long transactionId = 0;
            List<NewEvent> events = new ArrayList<>(1);
            boolean requireLeader = false;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x08 -> transactionId = in.int64();
                    case 0x12 -> events.add(NewEvent.read(in));
                    case 0x18 -> requireLeader = in.flag();
                    default -> in.skip();
                }
            }
            return new TransactionWrite(transactionId, Collections.unmodifiableList(events), requireLeader);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(NewEvent.roomBytes(events));
            out.number(0x08, transactionId);
            NewEvent.write(0x12, events, out);
            out.flag(0x18, requireLeader);
        }
    }

    /**
     * {@code 87}
     *
     * @param message null: the server has nothing to say
     */
    record TransactionWriteCompleted(
            long transactionId,
            OperationResult result,
            @Nullable String message) implements WriteMessage {
        static TransactionWriteCompleted read(PayloadReader in) {
            Protobuf.TransactionWriteCompleted from = in.message(Protobuf.TransactionWriteCompleted.parser());
            return new TransactionWriteCompleted(
                    from.getTransactionId(),
                    in.value("result", OperationResult.values(), from.getResult()),
                    in.text("message", from.hasMessage(), from.getMessageBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.TransactionWriteCompleted.Builder to = Protobuf.TransactionWriteCompleted.newBuilder()
                    .setTransactionId(transactionId)
                    .setResult(result.ordinal());
            if (message != null) {
                to.setMessageBytes(PayloadWriter.text("message", message));
            }
            out.message(to);
        }
    }

    /** {@code 88} */
    record TransactionCommit(long transactionId, boolean requireLeader) implements WriteMessage {
        static TransactionCommit read(PayloadReader in) {
            Protobuf.TransactionCommit from = in.message(Protobuf.TransactionCommit.parser());
            return new TransactionCommit(from.getTransactionId(), from.getRequireLeader());
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.TransactionCommit.newBuilder()
                    .setTransactionId(transactionId)
                    .setRequireLeader(requireLeader));
        }
    }

    /**
     * {@code 89}
     *
     * @param message null: the server has nothing to say, or too old to leave it out
     */
    record TransactionCommitCompleted(
            long transactionId,
            OperationResult result,
            @Nullable String message,
            long firstEventNumber,
            long lastEventNumber,
            long preparePosition,
            long commitPosition)
            implements WriteMessage {
        static TransactionCommitCompleted read(PayloadReader in) {
            Protobuf.TransactionCommitCompleted from = in.message(Protobuf.TransactionCommitCompleted.parser());
            return new TransactionCommitCompleted(
                    from.getTransactionId(),
                    in.value("result", OperationResult.values(), from.getResult()),
                    in.text("message", from.hasMessage(), from.getMessageBytes()),
                    from.getFirstEventNumber(),
                    from.getLastEventNumber(),
                    from.getPreparePosition(),
                    from.getCommitPosition());
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.TransactionCommitCompleted.Builder to = Protobuf.TransactionCommitCompleted.newBuilder()
                    .setTransactionId(transactionId)
                    .setResult(result.ordinal())
                    .setFirstEventNumber(firstEventNumber)
                    .setLastEventNumber(lastEventNumber)
                    .setPreparePosition(preparePosition)
                    .setCommitPosition(commitPosition);
            if (message != null) {
                to.setMessageBytes(PayloadWriter.text("message", message));
            }
            out.message(to);
        }
    }
}
