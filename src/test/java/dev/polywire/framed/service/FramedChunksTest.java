package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedClient;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.client.FramedReceived;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.CborCodec;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.framed.wire.PayloadCodec;
import dev.polywire.framed.wire.PickleCodec;
import dev.polywire.framed.wire.RawCodec;
import dev.polywire.framed.wire.TypedValue.Tuple;
import dev.polywire.framed.wire.Utf8Codec;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C2-2: 1,000 picks of data without the bus, in reads of 1 to 10 bytes; what is received is what was sent, in order. */
class FramedChunksTest implements FramedListener {

    private static final long MAX_BYTES = 1024 * 1024;
    private static final int PICKS = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Promise<FramedConnection> accepted = Promise.promise();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Override
    public void opened(FramedConnection connection) {
        accepted.tryComplete(connection);
    }

    @Override
    public void received(FramedConnection connection, Buffer payload) {
        throw new AssertionError("nobody asked");
    }

    @Override
    public void closed(FramedConnection connection, RuntimeException cause) {}

    enum Data {
        RAW(new RawCodec(), Buffer.buffer(), Buffer.buffer(new byte[] {1}), Buffer.buffer("string")),
        UTF8(new Utf8Codec(), "", "string", "another string", "häß"),
        JSON(
                new JsonCodec(MAX_BYTES),
                1,
                "string",
                true,
                new JsonObject().put("key", "value"),
                JsonArray.of(1, 2, 3),
                null,
                "another string"),
        CBOR(
                new CborCodec(MAX_BYTES),
                1L,
                "string",
                true,
                Map.of("key", "value"),
                List.of(1L, 2L, 3L),
                null,
                Buffer.buffer("bytes")),
        PICKLE(
                new PickleCodec(MAX_BYTES),
                1L,
                "string",
                true,
                Map.of("key", "value"),
                List.of(1L, 2L, 3L),
                null,
                "another string",
                new Tuple(List.of(1L, 2L, 3L)));

        private final PayloadCodec codec;
        private final List<Object> values;

        Data(PayloadCodec codec, Object... values) {
            this.codec = codec;
            this.values = Arrays.asList(values);
        }
    }

    private FramedConnection client(int port, FramedLimits limits) {
        return Outcome.on(context, () -> {
            FramedClient client = new FramedClient(
                    vertx, EndpointOptions.of("127.0.0.1", port), limits, Spi.NONE, (state, cause) -> {}, new Silent());
            client.start();
            return client.connection(null, Deadline.after(vertx, 60_000));
        });
    }

    /** Awaited, not awaited, framed before; the last message is followed by the end, which is no null. */
    @ParameterizedTest
    @EnumSource(Data.class)
    void chunkedMessages(Data data) {
        int port = Outcome.on(
                context,
                () -> new FramedServer(
                                vertx, EndpointOptions.of("127.0.0.1", 0), FramedLimits.DEFAULT, 1, 1, Spi.NONE, this)
                        .listen());
        try (Slicer slicer = new Slicer(port, new Random(10))) {
            FramedConnection client = client(slicer.port(), FramedLimits.DEFAULT);
            List<Object> sent = new ArrayList<>();
            new Random(10).ints(PICKS, 0, data.values.size()).forEach(i -> sent.add(data.values.get(i)));
            Outcome.on(context, () -> {
                List<Future<?>> writes = new ArrayList<>();
                for (int i = 0; i < PICKS; i++) {
                    Buffer payload = data.codec.encode(sent.get(i));
                    switch (i % 3) {
                        case 0 -> writes.add(client.send(payload));
                        case 1 -> client.sendNoWait(payload);
                        default ->
                            writes.add(client.sendFrame(FramedLimits.DEFAULT.frame(payload), null)
                                    .written());
                    }
                }
                return Future.all(writes);
            });
            FramedConnection server = Outcome.value(accepted.future());
            List<Object> received = new ArrayList<>();
            Outcome.on(context, () -> receive(server, PICKS, data.codec, received));
            assertEquals(sent, received);
            Outcome.on(context, () -> {
                client.disconnect();
                return Future.succeededFuture();
            });
            assertInstanceOf(FramedReceived.End.class, Outcome.on(context, server::receive));
        }
    }

    private static Future<Void> receive(FramedConnection from, int count, PayloadCodec codec, List<Object> to) {
        return count == 0
                ? Future.succeededFuture()
                : from.receive().compose(next -> {
                    to.add(codec.decode(((FramedReceived.Message) next).payload()));
                    return receive(from, count - 1, codec, to);
                });
    }

    /** C3-6: who does not wait hears that too much waits; what was taken arrives in order. */
    @Test
    void fireAndForgetHasABound() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            FramedConnection client = client(door.port(), new FramedLimits(1024 * 1024, 60_000));
            FramedPeer peer = door.accept();
            String payload = "x".repeat(100_000);
            int taken = Outcome.on(context, () -> {
                for (int i = 0; ; i++) {
                    try {
                        client.sendNoWait(Buffer.buffer(i + payload));
                    } catch (CallException full) {
                        assertEquals(CallException.Reason.OVERLOADED, full.reason());
                        return Future.succeededFuture(i);
                    }
                }
            });
            for (int i = 0; i < taken; i++) {
                assertEquals(i + payload, peer.text());
            }
            peer.close();
        }
    }

    /** Hears nothing. */
    private static final class Silent implements FramedListener {

        @Override
        public void opened(FramedConnection connection) {}

        @Override
        public void received(FramedConnection connection, Buffer payload) {}

        @Override
        public void closed(FramedConnection connection, RuntimeException cause) {}
    }
}
