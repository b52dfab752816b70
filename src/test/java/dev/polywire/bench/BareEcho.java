package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The same by a {@link NetSocket} and the least code that reads and writes a length. */
final class BareEcho implements Load {

    private static final int HEADER_BYTES = 4;

    /** Held: Vert.x closes a client that nobody holds any more. */
    private @Nullable NetClient client;

    private @Nullable NetSocket socket;
    private Window window = new Window(0, 1);
    private Buffer waiting = Buffer.buffer();

    @Override
    public Future<?> start(Vertx vertx, int port) {
        client = vertx.createNetClient();
        return client.connect(port, "127.0.0.1")
                .onSuccess(up -> socket = up.handler(this::received)
                        .closeHandler(closed -> window.failed(new IOException("closed by the server"))));
    }

    @Override
    public void run(Window window) {
        this.window = window;
        window.open(() -> socket.write(Buffer.buffer(HEADER_BYTES + FramedEcho.MESSAGE.length())
                .appendInt(FramedEcho.MESSAGE.length())
                .appendBuffer(FramedEcho.MESSAGE)));
    }

    private void received(Buffer bytes) {
        Buffer input = waiting.length() == 0 ? bytes : waiting.appendBuffer(bytes);
        int at = 0;
        while (input.length() - at >= HEADER_BYTES) {
            int end = at + HEADER_BYTES + input.getInt(at);
            if (end > input.length()) {
                break;
            }
            if (input.slice(at + HEADER_BYTES, end).length() == FramedEcho.MESSAGE.length()) {
                window.ended();
            }
            at = end;
        }
        waiting = at == input.length() ? Buffer.buffer() : input.getBuffer(at, input.length());
    }
}
