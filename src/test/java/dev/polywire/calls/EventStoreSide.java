package dev.polywire.calls;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.StorePeer;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.ReadEventResult;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;

/** EventStore's connection: reads of an event, and appends, each with a stream of its name. */
final class EventStoreSide extends Side<EventStoreConnection> {

    private static final int MAX_IN_FLIGHT = 4;
    private static final int MAX_PACKAGE_BYTES = EventStoreClientOptions.LEAST_PACKAGE_BYTES;
    private static final HeartbeatTimes NO_HEARTBEATS = new HeartbeatTimes(HeartbeatTimes.Rule.AFTER_SILENCE, 0, 1_000);

    private final RawPeer.Door door = new RawPeer.Door();
    private final ArrayDeque<TcpPackage> held = new ArrayDeque<>();
    private StorePeer peer;

    EventStoreSide() {
        super("eventstore");
    }

    @Override
    EndpointOptions endpoint() {
        return door.endpoint();
    }

    @Override
    Future<EventStoreConnection> dial(Dialer dialer, long handshakeTimeoutMillis) {
        return EventStoreConnection.connect(
                dialer,
                new EventStoreClientOptions(
                        null,
                        CredentialsLayout.PASSWORDS,
                        null,
                        NO_HEARTBEATS,
                        MAX_IN_FLIGHT,
                        (int) handshakeTimeoutMillis,
                        MAX_PACKAGE_BYTES));
    }

    @Override
    void accept() {
        peer = StorePeer.loggedIn(door);
    }

    @Override
    Future<String> reading(String name, Deadline deadline) {
        return send(new ReadMessage.ReadEvent(name, 0, false, true), deadline)
                .map(answer -> ((ReadMessage.ReadEventCompleted) answer)
                        .event()
                        .event()
                        .eventStreamId());
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return append(name, Buffer.buffer("data"), deadline);
    }

    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        return append(name, Buffer.buffer(new byte[TcpPackage.MAX_BYTES]), deadline);
    }

    /** Half a surrogate pair. */
    @Override
    Future<String> unwritable(String name, Deadline deadline) {
        return append("\ud83d", Buffer.buffer("data"), deadline);
    }

    private Future<String> append(String name, Buffer data, Deadline deadline) {
        NewEvent event = new NewEvent(UUID.randomUUID(), "type", NewEvent.BINARY, data, Buffer.buffer());
        return send(new WriteMessage.WriteEvents(name, -2, List.of(event), true), deadline)
                .map(answer -> ((WriteMessage.WriteEventsCompleted) answer).message());
    }

    private Future<EventStoreMessage> send(EventStoreMessage question, Deadline deadline) {
        EventStoreCall call = new EventStoreCall(question, null, deadline);
        connection().send(call);
        return call.answer();
    }

    @Override
    int fill() {
        for (int i = 0; i < MAX_IN_FLIGHT; i++) {
            ask(this::reading, "before");
        }
        return MAX_IN_FLIGHT;
    }

    @Override
    String hear() {
        TcpPackage next = peer.next(null);
        held.add(next);
        return name(next);
    }

    private static String name(TcpPackage sent) {
        EventStoreMessage asked = EventStoreMessage.read(sent.command(), sent.payload());
        return asked instanceof WriteMessage.WriteEvents write
                ? write.eventStreamId()
                : ((ReadMessage.ReadEvent) asked).eventStreamId();
    }

    @Override
    void answer() {
        TcpPackage oldest = held.remove();
        peer.answer(oldest, answer(oldest));
    }

    private static EventStoreMessage answer(TcpPackage asked) {
        String name = name(asked);
        if (asked.command() == TcpCommand.WRITE_EVENTS) {
            return new WriteMessage.WriteEventsCompleted(OperationResult.SUCCESS, name, 0, 0, 1, 1, 0);
        }
        EventRecord event = new EventRecord(
                name,
                0,
                UUID.randomUUID(),
                "type",
                NewEvent.BINARY,
                NewEvent.BINARY,
                Buffer.buffer(),
                Buffer.buffer(),
                0,
                0);
        return new ReadMessage.ReadEventCompleted(ReadEventResult.SUCCESS, new ResolvedIndexedEvent(event, null), null);
    }

    /** Four bytes that are no message. */
    @Override
    void garble() {
        TcpPackage oldest = held.remove();
        peer.answer(oldest, answer(oldest).command(), Buffer.buffer().appendInt(-1));
    }

    @Override
    void answerTooLong() {
        TcpPackage oldest = held.remove();
        peer.raw(head(MAX_PACKAGE_BYTES + 1, oldest));
    }

    /** A package that is shorter than its head. */
    @Override
    void breakFraming() {
        peer.raw(Buffer.buffer().appendIntLE(1).appendByte((byte) 0));
    }

    @Override
    void cutOff() {
        TcpPackage oldest = held.remove();
        peer.raw(head(100, oldest));
        peer.close();
    }

    /** Length, command, flags, id. */
    private static Buffer head(int bytes, TcpPackage asked) {
        return Buffer.buffer()
                .appendIntLE(bytes)
                .appendByte((byte) answer(asked).command().number())
                .appendByte((byte) 0)
                .appendBuffer(DotNetGuid.bytes(asked.correlationId()));
    }

    @Override
    void drop() {
        peer.reset();
    }

    @Override
    long lateAnswers() {
        return connection().strayAnswers();
    }

    @Override
    public void close() {
        if (peer != null) {
            peer.close();
        }
        door.close();
        super.close();
    }
}
