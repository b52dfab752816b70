package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.testing.Loop;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import org.junit.jupiter.api.Test;

class AcceptorTest {

    /** Who listens there next would else share with the one that is about to close, and nobody could connect. */
    @Test
    void itIsClosedWhenNothingOfItIsLeft() {
        try (Loop loop = new Loop()) {
            Acceptor acceptor = new Acceptor(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), "text", Spi.NONE);
            Recorder accepted = new Recorder();
            int port = loop.join(
                    () -> acceptor.listen(socket -> TextConnection.attach(socket, new TextMachine(), accepted)));
            Dialer dialer = new Dialer(loop.vertx(), EndpointOptions.of("127.0.0.1", port), "text", Spi.NONE);
            TextMachine client = new TextMachine();
            MachineSocket<String> socket = loop.join(() -> TextConnection.dial(dialer, client, new Recorder()));
            loop.join(() -> {
                client.send("here");
                return socket.flush();
            });
            assertEquals("here", accepted.next());
            loop.run(() -> acceptor.leave(60_000));
            assertFalse(loop.call(() -> acceptor.close().isComplete()));
            loop.join(dialer::close);
            loop.join(acceptor::close);
        }
    }
}
