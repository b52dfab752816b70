package dev.polywire.spi;

import dev.polywire.eventstore.client.StorePeer;
import dev.polywire.eventstore.service.EventStoreVerticle;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** EventStore's connector with one append at a time, and a peer that answers by the name of the stream. */
final class EventStoreStand extends Stand {

    private static final int SERVER_MILLIS = 60_000;

    private final RawPeer.Door door = new RawPeer.Door();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    @Override
    String protocol() {
        return "eventstore";
    }

    @Override
    String address() {
        return "polywire.eventstore";
    }

    @Override
    Calls calls() {
        return new Calls("append", List.of("WriteEvents"));
    }

    /** With any expected version, so that it is not sent again. */
    @Override
    JsonObject body(About about) {
        return new JsonObject()
                .put("streamId", about.name())
                .put("expectedVersion", -2)
                .put("events", new JsonArray().add(new JsonObject().put("eventType", "type")));
    }

    @Override
    void deploy() {
        Thread accepting = new Thread(this::accept, "eventstore peer");
        accepting.start();
        deploy(
                new EventStoreVerticle(spi),
                new JsonObject()
                        .put("port", relayTo(door.port()).port())
                        .put("failFast", true)
                        .put("heartbeatMillis", SERVER_MILLIS)
                        .put("maxInFlight", 1));
    }

    private void accept() {
        try {
            while (true) {
                StorePeer peer = StorePeer.accept(door);
                new Thread(() -> serve(peer), "eventstore connection").start();
            }
        } catch (UncheckedIOException closed) {
            // The test is over.
        }
    }

    private void serve(StorePeer peer) {
        try (peer) {
            while (true) {
                answer(peer, peer.next(null));
            }
        } catch (UncheckedIOException | AssertionError closed) {
            // Its connection is over.
        }
    }

    private void answer(StorePeer peer, TcpPackage asked) {
        if (asked.command() == TcpCommand.IDENTIFY_CLIENT) {
            peer.answer(asked, new ConnectionMessage.ClientIdentified());
        } else if (asked.command() == TcpCommand.PING) {
            peer.answer(asked, new ConnectionMessage.Pong(Buffer.buffer()));
        } else {
            WriteMessage.WriteEvents write =
                    (WriteMessage.WriteEvents) EventStoreMessage.read(asked.command(), asked.payload());
            switch (About.valueOf(write.eventStreamId())) {
                case HELD, FILLING -> held.add(() -> peer.answer(asked, done(OperationResult.SUCCESS)));
                case REFUSED -> peer.answer(asked, done(OperationResult.ACCESS_DENIED));
                case ANSWERED -> peer.answer(asked, done(OperationResult.SUCCESS));
            }
        }
    }

    private static EventStoreMessage done(OperationResult result) {
        return new WriteMessage.WriteEventsCompleted(result, null, 0, 0, 1, 1, 0);
    }

    @Override
    void release() {
        held.forEach(Runnable::run);
    }

    @Override
    void closePeer() {
        door.close();
    }
}
