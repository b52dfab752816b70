package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DialerTest {

    private final Loop loop = new Loop();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        loop.close();
    }

    private Dialer dialer(EndpointOptions endpoint) {
        return new Dialer(loop.vertx(), endpoint, "text", Spi.NONE);
    }

    @Test
    void aClosedPortIsUnavailable() {
        RawPeer.Door door = new RawPeer.Door();
        EndpointOptions endpoint = door.endpoint();
        door.close();
        Throwable failure = loop.failure(() -> TextConnection.dial(dialer(endpoint), new TextMachine(), recorder));
        assertEquals(UNAVAILABLE, MachineSocketTest.reason(failure));
        assertTrue(
                failure.getMessage().startsWith("cannot connect to 127.0.0.1:" + endpoint.port() + ": "),
                failure.getMessage());
    }

    @Test
    void aHostWithoutAddressIsUnavailable() {
        EndpointOptions nowhere = EndpointOptions.of("nowhere.invalid", 1);
        Throwable failure = loop.failure(() -> TextConnection.dial(dialer(nowhere), new TextMachine(), recorder));
        assertEquals(UNAVAILABLE, MachineSocketTest.reason(failure));
        assertTrue(
                failure.getMessage().startsWith("cannot connect to nowhere.invalid:1: no address found: "),
                failure.getMessage());
    }

    @Test
    void aPortThatDoesNotAnswerIsUnavailableInTime() {
        // The system completes as many connections as the backlog holds, then it leaves the others without an answer.
        try (RawPeer.Door door = new RawPeer.Door(1)) {
            EndpointOptions hasty = new EndpointOptions("127.0.0.1", door.port(), 100, null);
            Dialer dialer = dialer(hasty);
            List<Future<MachineSocket<String>>> dials = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                dials.add(loop.call(() -> TextConnection.dial(dialer, new TextMachine(), new Recorder())));
            }
            Throwable failure = loop.failure(() -> dials.get(7));
            assertEquals(UNAVAILABLE, MachineSocketTest.reason(failure));
            assertTrue(failure.getMessage().contains("timed out"), failure.getMessage());
        }
    }

    @Test
    void closingWhileDiallingLeavesNoConnection() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Dialer dialer = dialer(door.endpoint());
            Future<MachineSocket<String>> dial = loop.call(() -> {
                Future<MachineSocket<String>> under = TextConnection.dial(dialer, new TextMachine(), recorder);
                dialer.close();
                return under;
            });
            RawPeer peer = door.accept();
            assertEquals(-1, peer.readByte());
            // Either it never was a connection, or it is one that is down.
            boolean wasUp = loop.join(() -> dial.map(true).otherwise(false));
            if (wasUp) {
                assertEquals(CONNECTION_LOST, MachineSocketTest.reason(recorder.closed()));
            } else {
                assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(dial.cause()));
            }
        }
    }

    @Test
    void nothingIsDialledOnceClosed() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Dialer dialer = dialer(door.endpoint());
            loop.join(dialer::close);
            Throwable failure = loop.failure(() -> TextConnection.dial(dialer, new TextMachine(), recorder));
            assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(failure));
        }
    }

    @Test
    void aLinkThatIsClosedWhileItDialsLeavesNoConnection() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Dialer dialer = dialer(door.endpoint());
            Link<TextConnection> link = new Link<>(
                    loop.vertx(),
                    () -> TextConnection.connect(dialer, new TextMachine(), recorder),
                    new Backoff(() -> 0L),
                    (state, cause) -> {});
            Throwable failure = loop.failure(() -> {
                Future<Void> started = link.start();
                link.close();
                return started;
            });
            assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(failure));
            assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(recorder.closed()));
            assertEquals(-1, door.accept().readByte());
        }
    }
}
