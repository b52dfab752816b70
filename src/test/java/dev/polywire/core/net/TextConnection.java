package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import dev.polywire.testing.Recorder;
import io.vertx.core.Future;

/** A connection that tells a recorder what it hears. */
public final class TextConnection extends Connection<String> {

    private final Recorder recorder;

    private TextConnection(OpenSocket<String> socket, Recorder recorder) {
        super(socket);
        this.recorder = recorder;
    }

    static Future<TextConnection> connect(Dialer dialer, Machine<String> machine, Recorder recorder) {
        return dialer.connect(machine, socket -> new TextConnection(socket, recorder));
    }

    /** What it is on. */
    static Future<MachineSocket<String>> dial(Dialer dialer, Machine<String> machine, Recorder recorder) {
        return connect(dialer, machine, recorder).map(Connection::socket);
    }

    static MachineSocket<String> attach(Acceptor.Accepted accepted, Machine<String> machine, Recorder recorder) {
        return accepted.attach(machine, socket -> new TextConnection(socket, recorder))
                .socket();
    }

    @Override
    protected void event(String event) {
        recorder.event(event);
    }

    @Override
    protected void ended(RuntimeException cause) {
        recorder.closed(cause);
    }

    @Override
    protected void drained() {
        recorder.drained();
    }

    @Override
    protected void received() {
        recorder.received();
    }
}
