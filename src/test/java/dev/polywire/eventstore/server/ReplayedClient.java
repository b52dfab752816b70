package dev.polywire.eventstore.server;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** A client's connection without a socket: bytes go to our server's machine, and packages come back. */
final class ReplayedClient implements StoreSession.Outlet {

    /** @param atMillis when it was sent */
    record Answer(TcpPackage sent, long atMillis) {}

    private final EventStoreMachine machine;
    private final StoreSession session;
    private final FrameAccumulator frames = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final CredentialsLayout layout;
    private long nowMillis;
    private boolean closing;
    private boolean ended;

    ReplayedClient(EventStoreNode node, long nowMillis) {
        ServerVersion version = node.database().version();
        this.layout = version.credentials();
        this.nowMillis = nowMillis;
        this.machine = new EventStoreMachine(
                EventStoreMachine.Role.SERVER, layout, version.heartbeats(), UUID::randomUUID, FrameTap.NONE);
        this.session = new StoreSession(node, this);
        machine.start(nowMillis);
    }

    /** What the server has sent. */
    Deque<Answer> answers() {
        return answers;
    }

    /** Whether the server has closed the connection. */
    boolean isClosed() {
        return ended || closing;
    }

    StoreSession session() {
        return session;
    }

    long deadlineMillis() {
        return ended ? Long.MAX_VALUE : machine.deadlineMillis();
    }

    void receive(Buffer bytes, long atMillis) {
        nowMillis = atMillis;
        machine.receive(bytes, atMillis);
        proceed();
    }

    void tick(long atMillis) {
        nowMillis = atMillis;
        try {
            machine.tick(atMillis);
        } catch (ProtocolException late) {
            closing = true;
        }
        proceed();
    }

    /** The client has closed its side. */
    void shutDown(long atMillis) {
        nowMillis = atMillis;
        machine.peerClosed(atMillis);
        proceed();
    }

    /** The client is gone. */
    void end() {
        if (!ended) {
            ended = true;
            session.end();
        }
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        if (!ended) {
            machine.send(correlationId, message);
            collect();
        }
    }

    @Override
    public void close() {
        closing = true;
    }

    private void proceed() {
        try {
            EventStoreEvent event = machine.nextEvent();
            while (event != null && !closing) {
                session.event(event);
                event = machine.nextEvent();
            }
        } catch (ProtocolException violation) {
            closing = true;
        }
        collect();
        if (closing || machine.isOver()) {
            end();
        }
    }

    private void collect() {
        for (Buffer out = machine.takeOutput(); out != null; out = machine.takeOutput()) {
            frames.append(out);
        }
        for (Buffer frame = frames.nextFrame(); frame != null; frame = frames.nextFrame()) {
            answers.add(new Answer(TcpPackage.read(frame, layout), nowMillis));
        }
    }
}
