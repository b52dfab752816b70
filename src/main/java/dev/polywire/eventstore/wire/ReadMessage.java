package dev.polywire.eventstore.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading pages, or one event. */
public sealed interface ReadMessage extends EventStoreMessage {

    /**
     * {@code b0}
     *
     * @param eventNumber from 0; -1: the last one
     */
    record ReadEvent(String eventStreamId, long eventNumber, boolean resolveLinkTos, boolean requireLeader)
            implements ReadMessage {
        static ReadEvent read(PayloadReader in) {
            Protobuf.ReadEvent from = in.message(Protobuf.ReadEvent.parser());
            return new ReadEvent(
                    in.text("event_stream_id", from.getEventStreamIdBytes()),
                    from.getEventNumber(),
                    from.getResolveLinkTos(),
                    from.getRequireLeader());
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.ReadEvent.newBuilder()
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setEventNumber(eventNumber)
                    .setResolveLinkTos(resolveLinkTos)
                    .setRequireLeader(requireLeader));
        }
    }

    /**
     * {@code b1}
     *
     * @param event empty when there is none, which a server may answer with success, too
     * @param error null: none
     */
    record ReadEventCompleted(
            ReadEventResult result,
            ResolvedIndexedEvent event,
            @Nullable String error) implements ReadMessage {
        static ReadEventCompleted read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            int result = 0;
            ResolvedIndexedEvent event = ResolvedIndexedEvent.NONE;
            long error = ProtobufReader.ABSENT;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x08 -> result = in.int32();
                    case 0x12 -> event = ResolvedIndexedEvent.read(in);
                    case 0x1a -> error = in.span();
                    default -> in.skip();
                }
            }
            return new ReadEventCompleted(
                    payload.value("result", ReadEventResult.values(), result), event, in.textOrNull("error", error));
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(LinkedEvent.leastBytes(event) + 2 * EventRecord.ROOM_BYTES);
            out.number(0x08, result.ordinal());
            LinkedEvent.write(0x12, event, out);
            if (error != null) {
                out.text(0x1a, "error", error);
            }
        }
    }

    /**
     * {@code b2, b4}
     *
     * @param fromEventNumber from 0; backward, -1 is the last one
     * @param maxCount 1 to 4,096
     */
    record ReadStreamEvents(
            ReadDirection direction,
            String eventStreamId,
            long fromEventNumber,
            int maxCount,
            boolean resolveLinkTos,
            boolean requireLeader)
            implements ReadMessage {
        static ReadStreamEvents read(PayloadReader in) {
            Protobuf.ReadStreamEvents from = in.message(Protobuf.ReadStreamEvents.parser());
            return new ReadStreamEvents(
                    in.direction(),
                    in.text("event_stream_id", from.getEventStreamIdBytes()),
                    from.getFromEventNumber(),
                    from.getMaxCount(),
                    from.getResolveLinkTos(),
                    from.getRequireLeader());
        }

        @Override
        public TcpCommand command() {
            return direction.choose(TcpCommand.READ_STREAM_EVENTS_FORWARD, TcpCommand.READ_STREAM_EVENTS_BACKWARD);
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.ReadStreamEvents.newBuilder()
                    .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                    .setFromEventNumber(fromEventNumber)
                    .setMaxCount(maxCount)
                    .setResolveLinkTos(resolveLinkTos)
                    .setRequireLeader(requireLeader));
        }
    }

    /**
     * {@code b3, b5}
     *
     * @param nextEventNumber where the next page begins; -1: there is none
     * @param error null or empty: none
     */
    record ReadStreamEventsCompleted(
            ReadDirection direction,
            List<ResolvedIndexedEvent> events,
            ReadStreamResult result,
            long nextEventNumber,
            long lastEventNumber,
            boolean isEndOfStream,
            long lastCommitPosition,
            @Nullable String error)
            implements ReadMessage {
        static ReadStreamEventsCompleted read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            List<ResolvedIndexedEvent> events = new ArrayList<>();
            int result = 0;
            long nextEventNumber = 0;
            long lastEventNumber = 0;
            boolean isEndOfStream = false;
            long lastCommitPosition = 0;
            long error = ProtobufReader.ABSENT;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x0a -> events.add(ResolvedIndexedEvent.read(in));
                    case 0x10 -> result = in.int32();
                    case 0x18 -> nextEventNumber = in.int64();
                    case 0x20 -> lastEventNumber = in.int64();
                    case 0x28 -> isEndOfStream = in.flag();
                    case 0x30 -> lastCommitPosition = in.int64();
                    case 0x3a -> error = in.span();
                    default -> in.skip();
                }
            }
            return new ReadStreamEventsCompleted(
                    payload.direction(),
                    Collections.unmodifiableList(events),
                    payload.value("result", ReadStreamResult.values(), result),
                    nextEventNumber,
                    lastEventNumber,
                    isEndOfStream,
                    lastCommitPosition,
                    in.textOrNull("error", error));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.READ_STREAM_EVENTS_FORWARD_COMPLETED, TcpCommand.READ_STREAM_EVENTS_BACKWARD_COMPLETED);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(LinkedEvent.roomBytes(events));
            LinkedEvent.write(0x0a, events, out);
            out.number(0x10, result.ordinal())
                    .number(0x18, nextEventNumber)
                    .number(0x20, lastEventNumber)
                    .flag(0x28, isEndOfStream)
                    .number(0x30, lastCommitPosition);
            if (error != null) {
                out.text(0x3a, "error", error);
            }
        }
    }

    /**
     * {@code b6, b8}
     *
     * @param position forward, its event is the first one; backward, the one before it
     * @param maxCount 1 to 4,096
     */
    record ReadAllEvents(
            ReadDirection direction, Position position, int maxCount, boolean resolveLinkTos, boolean requireLeader)
            implements ReadMessage {
        static ReadAllEvents read(PayloadReader in) {
            Protobuf.ReadAllEvents from = in.message(Protobuf.ReadAllEvents.parser());
            return new ReadAllEvents(
                    in.direction(),
                    new Position(from.getCommitPosition(), from.getPreparePosition()),
                    from.getMaxCount(),
                    from.getResolveLinkTos(),
                    from.getRequireLeader());
        }

        @Override
        public TcpCommand command() {
            return direction.choose(TcpCommand.READ_ALL_EVENTS_FORWARD, TcpCommand.READ_ALL_EVENTS_BACKWARD);
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.ReadAllEvents.newBuilder()
                    .setCommitPosition(position.commit())
                    .setPreparePosition(position.prepare())
                    .setMaxCount(maxCount)
                    .setResolveLinkTos(resolveLinkTos)
                    .setRequireLeader(requireLeader));
        }
    }

    /**
     * {@code b7, b9}
     *
     * @param next where the next page begins
     * @param error null: none
     */
    record ReadAllEventsCompleted(
            ReadDirection direction,
            Position position,
            List<ResolvedEvent> events,
            Position next,
            ReadAllResult result,
            @Nullable String error)
            implements ReadMessage {
        static ReadAllEventsCompleted read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            long commitPosition = 0;
            long preparePosition = 0;
            List<ResolvedEvent> events = new ArrayList<>();
            long nextCommitPosition = 0;
            long nextPreparePosition = 0;
            int result = 0;
            long error = ProtobufReader.ABSENT;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x08 -> commitPosition = in.int64();
                    case 0x10 -> preparePosition = in.int64();
                    case 0x1a -> events.add(ResolvedEvent.read(in));
                    case 0x20 -> nextCommitPosition = in.int64();
                    case 0x28 -> nextPreparePosition = in.int64();
                    case 0x30 -> result = in.int32();
                    case 0x3a -> error = in.span();
                    default -> in.skip();
                }
            }
            return new ReadAllEventsCompleted(
                    payload.direction(),
                    new Position(commitPosition, preparePosition),
                    Collections.unmodifiableList(events),
                    new Position(nextCommitPosition, nextPreparePosition),
                    payload.value("result", ReadAllResult.values(), result),
                    in.textOrNull("error", error));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.READ_ALL_EVENTS_FORWARD_COMPLETED, TcpCommand.READ_ALL_EVENTS_BACKWARD_COMPLETED);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(LinkedEvent.roomBytes(events));
            out.number(0x08, position.commit()).number(0x10, position.prepare());
            LinkedEvent.write(0x1a, events, out);
            out.number(0x20, next.commit()).number(0x28, next.prepare());
            if (result != ReadAllResult.SUCCESS) {
                out.number(0x30, result.ordinal());
            }
            if (error != null) {
                out.text(0x3a, "error", error);
            }
        }
    }

    /**
     * {@code ba, bc}
     *
     * @param maxSearchWindow how many events are looked at; 0: as many as are wanted
     */
    record FilteredReadAllEvents(
            ReadDirection direction,
            Position position,
            int maxCount,
            int maxSearchWindow,
            boolean resolveLinkTos,
            boolean requireLeader,
            Filter filter)
            implements ReadMessage {
        static FilteredReadAllEvents read(PayloadReader in) {
            Protobuf.FilteredReadAllEvents from = in.message(Protobuf.FilteredReadAllEvents.parser());
            return new FilteredReadAllEvents(
                    in.direction(),
                    new Position(from.getCommitPosition(), from.getPreparePosition()),
                    from.getMaxCount(),
                    from.getMaxSearchWindow(),
                    from.getResolveLinkTos(),
                    from.getRequireLeader(),
                    Filter.read(in, from.getFilter()));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.FILTERED_READ_ALL_EVENTS_FORWARD, TcpCommand.FILTERED_READ_ALL_EVENTS_BACKWARD);
        }

        @Override
        public void write(PayloadWriter out) {
            out.message(Protobuf.FilteredReadAllEvents.newBuilder()
                    .setCommitPosition(position.commit())
                    .setPreparePosition(position.prepare())
                    .setMaxCount(maxCount)
                    .setMaxSearchWindow(maxSearchWindow)
                    .setResolveLinkTos(resolveLinkTos)
                    .setRequireLeader(requireLeader)
                    .setFilter(filter.write()));
        }
    }

    /**
     * {@code bb, be}
     *
     * @param next where the next page begins
     * @param error null: none
     */
    record FilteredReadAllEventsCompleted(
            ReadDirection direction,
            Position position,
            List<ResolvedEvent> events,
            Position next,
            boolean isEndOfStream,
            ReadAllResult result,
            @Nullable String error)
            implements ReadMessage {
        static FilteredReadAllEventsCompleted read(PayloadReader payload) {
            ProtobufReader in = payload.fields();
            long commitPosition = 0;
            long preparePosition = 0;
            List<ResolvedEvent> events = new ArrayList<>();
            long nextCommitPosition = 0;
            long nextPreparePosition = 0;
            boolean isEndOfStream = false;
            int result = 0;
            long error = ProtobufReader.ABSENT;
            while (in.next()) {
                switch (in.tag()) {
                    case 0x08 -> commitPosition = in.int64();
                    case 0x10 -> preparePosition = in.int64();
                    case 0x1a -> events.add(ResolvedEvent.read(in));
                    case 0x20 -> nextCommitPosition = in.int64();
                    case 0x28 -> nextPreparePosition = in.int64();
                    case 0x30 -> isEndOfStream = in.flag();
                    case 0x38 -> result = in.int32();
                    case 0x42 -> error = in.span();
                    default -> in.skip();
                }
            }
            return new FilteredReadAllEventsCompleted(
                    payload.direction(),
                    new Position(commitPosition, preparePosition),
                    Collections.unmodifiableList(events),
                    new Position(nextCommitPosition, nextPreparePosition),
                    isEndOfStream,
                    payload.value("result", ReadAllResult.values(), result),
                    in.textOrNull("error", error));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.FILTERED_READ_ALL_EVENTS_FORWARD_COMPLETED,
                    TcpCommand.FILTERED_READ_ALL_EVENTS_BACKWARD_COMPLETED);
        }

        @Override
        public void write(PayloadWriter payload) {
            ProtobufWriter out = payload.fields(LinkedEvent.roomBytes(events));
            out.number(0x08, position.commit()).number(0x10, position.prepare());
            LinkedEvent.write(0x1a, events, out);
            out.number(0x20, next.commit()).number(0x28, next.prepare()).flag(0x30, isEndOfStream);
            if (result != ReadAllResult.SUCCESS) {
                out.number(0x38, result.ordinal());
            }
            if (error != null) {
                out.text(0x42, "error", error);
            }
        }
    }
}
