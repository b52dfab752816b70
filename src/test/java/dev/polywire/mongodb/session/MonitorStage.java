package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.testing.Loop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A monitor, and who uses the server that it asks: hears nothing, reads everything, and remembers what it is told. */
final class MonitorStage implements AutoCloseable, ServerMonitor.Watched {

    private static final MongoClientOptions OPTIONS = new MongoClientOptions(
            1_000_000, new ClientMetadata("test", "1.0"), 1, 10_000, List.of(), false, null, null, null);

    final Loop loop = new Loop();
    /** The name of the set in each. */
    final List<String> described = new CopyOnWriteArrayList<>();

    final List<String> lost = new CopyOnWriteArrayList<>();
    private ServerMonitor monitor;

    /** Begins, and has a server stream that can. */
    void watch(int port, long heartbeatMillis, int connectTimeoutMillis) {
        watch(port, true, heartbeatMillis, connectTimeoutMillis);
    }

    void watch(int port, boolean streams, long heartbeatMillis, int connectTimeoutMillis) {
        loop.run(() -> {
            EndpointOptions endpoint = EndpointOptions.of("127.0.0.1", port);
            Dialer dialer = new Dialer(loop.vertx(), endpoint, "mongodb", Spi.NONE);
            ScramKeyCache keys = new ScramKeyCache(new byte[32]);
            monitor = new ServerMonitor(
                    loop.vertx(),
                    () -> MongoConnection.connect(dialer, OPTIONS, 1, keys),
                    false,
                    streams,
                    heartbeatMillis,
                    connectTimeoutMillis,
                    this);
            monitor.begin();
        });
    }

    MonitorStatus status() {
        return loop.call(monitor::status);
    }

    MonitorStatus.Mode mode() {
        return status().mode();
    }

    void end() {
        loop.run(monitor::end);
    }

    @Override
    public void described(HelloReply reply) {
        described.add(String.valueOf(reply.setName()));
    }

    @Override
    public void lost(CallException why) {
        lost.add(why.reason() + " " + why.getMessage());
    }

    @Override
    public long heardMillis() {
        return Long.MIN_VALUE;
    }

    @Override
    public boolean isRead() {
        return true;
    }

    @Override
    public void close() {
        loop.close();
    }
}
