package dev.polywire.bench;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedClient;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.wire.FramedLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Messages of 100 bytes by our framed client, without the bus. */
final class FramedEcho implements Load, FramedListener {

    static final Buffer MESSAGE = Buffer.buffer(new byte[100]);

    private @Nullable FramedConnection connection;
    private Window window = new Window(0, 1);

    @Override
    public Future<?> start(Vertx vertx, int port) {
        FramedClient client = new FramedClient(
                vertx,
                EndpointOptions.of("127.0.0.1", port),
                FramedLimits.DEFAULT,
                Spi.NONE,
                (state, cause) -> {},
                this);
        return client.start()
                .compose(up -> client.connection(null, Deadline.after(vertx, 5_000)))
                .onSuccess(up -> connection = up);
    }

    @Override
    public void run(Window window) {
        this.window = window;
        window.open(() -> connection.send(MESSAGE));
    }

    @Override
    public void opened(FramedConnection connection) {
        connection.resume();
    }

    @Override
    public void received(FramedConnection connection, Buffer payload) {
        window.ended();
    }

    @Override
    public void closed(FramedConnection connection, RuntimeException cause) {
        window.failed(cause);
    }
}
