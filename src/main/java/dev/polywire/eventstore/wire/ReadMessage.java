package dev.polywire.eventstore.wire;

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
        static ReadEventCompleted read(PayloadReader in) {
            Protobuf.ReadEventCompleted from = in.message(Protobuf.ReadEventCompleted.parser());
            return new ReadEventCompleted(
                    in.value("result", ReadEventResult.values(), from.getResult()),
                    ResolvedIndexedEvent.read(in, from.getEvent()),
                    in.text("error", from.hasError(), from.getErrorBytes()));
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.ReadEventCompleted.Builder to = Protobuf.ReadEventCompleted.newBuilder()
                    .setResult(result.ordinal())
                    .setEvent(event.write());
            if (error != null) {
                to.setErrorBytes(PayloadWriter.text("error", error));
            }
            out.message(to);
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
        static ReadStreamEventsCompleted read(PayloadReader in) {
            Protobuf.ReadStreamEventsCompleted from = in.message(Protobuf.ReadStreamEventsCompleted.parser());
            return new ReadStreamEventsCompleted(
                    in.direction(),
                    ResolvedIndexedEvent.read(in, from.getEventsList()),
                    in.value("result", ReadStreamResult.values(), from.getResult()),
                    from.getNextEventNumber(),
                    from.getLastEventNumber(),
                    from.getIsEndOfStream(),
                    from.getLastCommitPosition(),
                    in.text("error", from.hasError(), from.getErrorBytes()));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.READ_STREAM_EVENTS_FORWARD_COMPLETED, TcpCommand.READ_STREAM_EVENTS_BACKWARD_COMPLETED);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.ReadStreamEventsCompleted.Builder to = Protobuf.ReadStreamEventsCompleted.newBuilder()
                    .addAllEvents(ResolvedIndexedEvent.write(events))
                    .setResult(result.ordinal())
                    .setNextEventNumber(nextEventNumber)
                    .setLastEventNumber(lastEventNumber)
                    .setIsEndOfStream(isEndOfStream)
                    .setLastCommitPosition(lastCommitPosition);
            if (error != null) {
                to.setErrorBytes(PayloadWriter.text("error", error));
            }
            out.message(to);
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
        static ReadAllEventsCompleted read(PayloadReader in) {
            Protobuf.ReadAllEventsCompleted from = in.message(Protobuf.ReadAllEventsCompleted.parser());
            return new ReadAllEventsCompleted(
                    in.direction(),
                    new Position(from.getCommitPosition(), from.getPreparePosition()),
                    ResolvedEvent.read(in, from.getEventsList()),
                    new Position(from.getNextCommitPosition(), from.getNextPreparePosition()),
                    in.value("result", ReadAllResult.values(), from.getResult()),
                    in.text("error", from.hasError(), from.getErrorBytes()));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.READ_ALL_EVENTS_FORWARD_COMPLETED, TcpCommand.READ_ALL_EVENTS_BACKWARD_COMPLETED);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.ReadAllEventsCompleted.Builder to = Protobuf.ReadAllEventsCompleted.newBuilder()
                    .setCommitPosition(position.commit())
                    .setPreparePosition(position.prepare())
                    .addAllEvents(ResolvedEvent.write(events))
                    .setNextCommitPosition(next.commit())
                    .setNextPreparePosition(next.prepare());
            if (result != ReadAllResult.SUCCESS) {
                to.setResult(result.ordinal());
            }
            if (error != null) {
                to.setErrorBytes(PayloadWriter.text("error", error));
            }
            out.message(to);
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
        static FilteredReadAllEventsCompleted read(PayloadReader in) {
            Protobuf.FilteredReadAllEventsCompleted from = in.message(Protobuf.FilteredReadAllEventsCompleted.parser());
            return new FilteredReadAllEventsCompleted(
                    in.direction(),
                    new Position(from.getCommitPosition(), from.getPreparePosition()),
                    ResolvedEvent.read(in, from.getEventsList()),
                    new Position(from.getNextCommitPosition(), from.getNextPreparePosition()),
                    from.getIsEndOfStream(),
                    in.value("result", ReadAllResult.values(), from.getResult()),
                    in.text("error", from.hasError(), from.getErrorBytes()));
        }

        @Override
        public TcpCommand command() {
            return direction.choose(
                    TcpCommand.FILTERED_READ_ALL_EVENTS_FORWARD_COMPLETED,
                    TcpCommand.FILTERED_READ_ALL_EVENTS_BACKWARD_COMPLETED);
        }

        @Override
        public void write(PayloadWriter out) {
            Protobuf.FilteredReadAllEventsCompleted.Builder to = Protobuf.FilteredReadAllEventsCompleted.newBuilder()
                    .setCommitPosition(position.commit())
                    .setPreparePosition(position.prepare())
                    .addAllEvents(ResolvedEvent.write(events))
                    .setNextCommitPosition(next.commit())
                    .setNextPreparePosition(next.prepare())
                    .setIsEndOfStream(isEndOfStream);
            if (result != ReadAllResult.SUCCESS) {
                to.setResult(result.ordinal());
            }
            if (error != null) {
                to.setErrorBytes(PayloadWriter.text("error", error));
            }
            out.message(to);
        }
    }
}
