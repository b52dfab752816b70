package dev.polywire.core.net;

import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import java.util.function.BiConsumer;

/** A machine on a real socket whose other end is in the test's hands. */
final class Dialled implements AutoCloseable {

    final Loop loop = new Loop();
    final TextMachine machine;
    final Recorder recorder;
    final RawPeer peer;
    private final RawPeer.Door door = new RawPeer.Door();
    private final Dialer dialer = new Dialer(loop.vertx(), door.endpoint(), "text", Spi.NONE);
    private volatile MachineSocket<String> socket;

    Dialled() {
        this((self, event) -> {});
    }

    /** @param onEvent what the listener does with an event, besides recording it */
    Dialled(BiConsumer<Dialled, String> onEvent) {
        this(new TextMachine(), onEvent);
    }

    Dialled(TextMachine machine, BiConsumer<Dialled, String> onEvent) {
        this.machine = machine;
        this.recorder = new Recorder(event -> onEvent.accept(this, event));
        loop.join(() -> TextConnection.dial(dialer, machine, recorder).onSuccess(made -> socket = made));
        this.peer = door.accept();
    }

    MachineSocket<String> socket() {
        return socket;
    }

    /** Sends, on the loop. @return the flush */
    Future<Void> send(String text) {
        return loop.call(() -> {
            machine.send(text);
            return socket.flush();
        });
    }

    @Override
    public void close() {
        peer.close();
        door.close();
        loop.close();
    }
}
