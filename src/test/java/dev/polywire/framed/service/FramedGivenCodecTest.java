package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.PayloadCodec;
import dev.polywire.framed.wire.PickleCodec;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A codec that the application brings: an object, around one of ours. */
class FramedGivenCodecTest {

    private static final int MAX_BYTES = 1024 * 1024;

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private record Deflated(PayloadCodec inner) implements PayloadCodec {

        @Override
        public Object decode(Buffer payload) {
            try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(payload.getBytes()))) {
                return inner.decode(Buffer.buffer(in.readNBytes(MAX_BYTES)));
            } catch (IOException malformed) {
                throw ProtocolException.decode("deflate: malformed");
            }
        }

        @Override
        public Buffer encode(Object value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
                out.write(inner.encode(value).getBytes());
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
            return Buffer.buffer(bytes.toByteArray());
        }
    }

    @Test
    void bothRoles() {
        bus.deploy(new FramedServerVerticle(new Deflated(new PickleCodec(MAX_BYTES))), new JsonObject().put("port", 0));
        int port = FramedBus.port(bus.server());
        bus.deploy(
                new FramedClientVerticle(new Deflated(new PickleCodec(MAX_BYTES))), new JsonObject().put("port", port));
        try (Items atServer = bus.items(bus.server());
                Items atClient = bus.items(bus.client())) {
            JsonObject message = new JsonObject("{\"value\":{\"a\":[{\"$tuple\":[1,null]}]}}");
            Outcome.value(bus.client().send(message));
            JsonObject item = atServer.next();
            assertEquals(message.copy().put("connection", "1"), item);
            Outcome.value(bus.server().send(item));
            assertEquals(item, atClient.next());
        }
    }

    /** What an object of ours has no place for in JSON stays JSON with the codec for it. */
    @Test
    void aroundJson() {
        FramedFormat format = FramedFormat.of(new Deflated(new JsonCodec(MAX_BYTES)));
        JsonObject message = new JsonObject("{\"value\":{\"a\":[1,{\"b\":null},9007199254740992]}}");
        assertEquals(message, format.read(format.write(message)));
    }

    @Test
    void whatItCannotRead() {
        bus.deploy(new FramedServerVerticle(new Deflated(new PickleCodec(MAX_BYTES))), new JsonObject().put("port", 0));
        try (FramedPeer peer = FramedPeer.connect(FramedBus.port(bus.server()));
                Items items = bus.items(bus.server())) {
            peer.send("not deflated").write(FramedPeer.frame(new Deflated(new PickleCodec(MAX_BYTES)).encode(1L)));
            JsonObject failure = items.next().getJsonObject("failure");
            assertEquals("payload: deflate: malformed", failure.getString("message"));
            assertEquals(4520, failure.getInteger("code"));
            assertEquals(1, items.next().getInteger("value"));
        }
    }
}
