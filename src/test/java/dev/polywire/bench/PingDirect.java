package dev.polywire.bench;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.MongoClientOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** {@code ping} by the MongoDB client, without the bus: bytes in, bytes out. */
final class PingDirect implements Load {

    private static final int INT32 = 16;
    private static final int STRING = 2;
    private static final Buffer PING = Buffer.buffer()
            .appendIntLE(30)
            .appendByte((byte) INT32)
            .appendString("ping\0")
            .appendIntLE(1)
            .appendByte((byte) STRING)
            .appendString("$db\0")
            .appendIntLE(6)
            .appendString("admin\0")
            .appendByte((byte) 0);

    private @Nullable Vertx vertx;
    private @Nullable MongoClient client;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        client = client(vertx, port, new MongoClientOptions(new ClientMetadata(null, "0")));
        return client.start();
    }

    /** One connection, with the defaults of a connector. */
    static MongoClient client(Vertx vertx, int port, MongoClientOptions options) {
        return new MongoClient(
                vertx,
                EndpointOptions.of("127.0.0.1", port),
                options,
                MongoPoolOptions.of(1, 64),
                10_000,
                Spi.NONE,
                (state, cause) -> {});
    }

    @Override
    public void run(Window window) {
        window.open(() -> {
            Deadline deadline = Deadline.after(vertx, 25_000);
            client.command(new MongoCall(PING, true, deadline)).onComplete(answer -> {
                deadline.met();
                if (answer.succeeded()) {
                    window.ended();
                } else {
                    window.failed(answer.cause());
                }
            });
        });
    }
}
