package dev.polywire.bench;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/** A MongoDB that knows nothing but {@code {ok: 1.0}}. */
final class PingServer implements Server {

    private static final int DOUBLE = 1;

    @Override
    public Future<Integer> listen(Vertx vertx) {
        Buffer ok = Buffer.buffer()
                .appendIntLE(17)
                .appendByte((byte) DOUBLE)
                .appendString("ok\0")
                .appendDoubleLE(1)
                .appendByte((byte) 0);
        return new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), (peer, request) -> peer.reply(request, ok))
                .listen();
    }
}
