package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One beginning and one end, whoever says goodbye first. */
class ConnectionTest {

    private final Loop loop = new Loop();
    private final RawPeer.Door door = new RawPeer.Door();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final Spi watching = new Spi() {

        @Override
        public void connected(String protocol, String target) {
            story.add("connected");
        }

        @Override
        public void disconnected(String protocol, String target) {
            story.add("disconnected");
        }
    };
    private final Dialer dialer = loop.call(() -> new Dialer(loop.vertx(), door.endpoint(), "text", watching));
    private volatile Greeted made;

    /** It is ready when the peer has said "hello", and closes when it is told to. */
    private final class Greeted extends Connection<String> {

        private Greeted(OpenSocket<String> socket) {
            super(socket);
            story.add("made");
        }

        @Override
        protected boolean hasHandshake() {
            return true;
        }

        @Override
        protected void event(String event) {
            story.add(event);
            if (event.equals("hello")) {
                ready();
            } else if (event.equals("silent")) {
                throw ProtocolException.silence("nothing came");
            } else if (event.equals("bye")) {
                end(CallException.lost("the peer said bye"));
            }
        }

        @Override
        protected void ended(RuntimeException cause) {
            story.add("ended");
        }

        @Override
        protected void closed(RuntimeException cause) {
            story.add("closed");
        }
    }

    @AfterEach
    void close() {
        loop.join(dialer::close);
        door.close();
        loop.close();
    }

    @Test
    void aConnectionThatIsReadyHasOneEnd() {
        Future<Greeted> connected = connect();
        try (RawPeer peer = door.accept()) {
            peer.write(TextMachine.frame("hello"));
            Greeted up = loop.join(() -> connected);
            assertSame(made, up);
            loop.run(() -> made.close(new CallException(SHUTTING_DOWN, "enough")));
            assertEquals(List.of("made", "hello", "connected", "disconnected", "ended", "closed"), story);
            loop.run(() -> made.closeHandler(cause -> story.add("heard " + cause.getMessage())));
            loop.run(() -> made.close(new CallException(SHUTTING_DOWN, "again")));
            assertEquals("heard enough", story.get(story.size() - 1));
        }
    }

    @Test
    void whoSaysGoodbyeFirstHasEndedBeforeTheSocketIsClosed() {
        Future<Greeted> connected = connect();
        try (RawPeer peer = door.accept()) {
            peer.write(TextMachine.frame("hello"));
            loop.join(() -> connected);
            loop.run(() -> made.closeHandler(cause -> story.add("heard")));
            peer.write(TextMachine.frame("bye"));
            await().until(() -> story.contains("heard"));
            peer.write(TextMachine.frame("more"));
            await().until(() -> story.contains("more"));
        }
        await().until(() -> story.contains("closed"));
        assertEquals(
                List.of("bye", "ended", "heard", "more", "disconnected", "closed"), story.subList(3, story.size()));
    }

    @Test
    void whoIsLostBeforeItWasReadyNeverWasConnected() {
        Future<Greeted> connected = connect();
        door.accept().close();
        CallException lost = (CallException) loop.failure(() -> connected);
        assertEquals(CONNECTION_LOST, lost.reason());
        await().until(() -> story.contains("closed"));
        assertEquals(List.of("made", "ended", "closed"), story);
    }

    @Test
    void whoIsCutOffWhileItGreetsIsNotThere() {
        Future<Greeted> connected = connect();
        try (RawPeer peer = door.accept()) {
            peer.write(TextMachine.frame("hello").getBuffer(0, 6));
        }
        CallException cut = (CallException) loop.failure(() -> connected);
        assertEquals(UNAVAILABLE, cut.reason());
        assertTrue(cut.getMessage().contains("text: truncated by the peer after 6 bytes"), cut.getMessage());
    }

    @Test
    void aSilentPeerIsNotThere() {
        Future<Greeted> connected = connect();
        try (RawPeer peer = door.accept()) {
            peer.write(TextMachine.frame("silent"));
            CallException silent = (CallException) loop.failure(() -> connected);
            assertEquals(UNAVAILABLE, silent.reason());
            assertEquals(door.endpoint().target() + ": nothing came", silent.getMessage());
        }
    }

    @Test
    void aMakerThatThrowsLeavesNoSocket() {
        IllegalStateException bug = new IllegalStateException("as the test says");
        Future<Greeted> connected = loop.call(() -> dialer.connect(new TextMachine(), socket -> {
            throw bug;
        }));
        assertSame(bug, loop.failure(() -> connected));
        try (RawPeer peer = door.accept()) {
            assertEquals(-1, peer.readByte());
        }
    }

    private Future<Greeted> connect() {
        return loop.call(() -> dialer.connect(new TextMachine(), socket -> made = new Greeted(socket)));
    }
}
