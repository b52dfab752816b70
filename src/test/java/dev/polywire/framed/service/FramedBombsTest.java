package dev.polywire.framed.service;

import dev.polywire.framed.wire.HostilePickles;
import dev.polywire.framed.wire.HostilePickles.Bomb;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Payloads that want memory, deep ones, and announced lengths, with 64 MB of heap and the next message behind each. */
class FramedBombsTest {

    private static final int MAX_VALUE_BYTES = 8 * 1024 * 1024;

    private static final List<String> LENGTHS = List.of(
            "800458020000002e",
            "80048d02000000000000002e",
            "80048e02000000000000002e",
            "80048b020000002e",
            "80058fffff2e");
    private static final List<String> CBOR_LENGTHS = List.of(
            "5b0000000000000001", "5a00000001", "7b0000000000000001", "9b0000000000000001", "9a00000001", "ba00000001");

    @Test
    void survives() {
        SmallJvm.run(Hostile.class).requireClean();
    }

    private static Stream<Buffer> pickles() {
        return Stream.of(
                        HostilePickles.values(MAX_VALUE_BYTES).map(Bomb::pickle),
                        LENGTHS.stream().map(Vectors::bytes),
                        Stream.of("]", ")", "(", "}").map(each -> pickle(each.repeat(400_000))),
                        Stream.of(pickle("]".repeat(501) + "a".repeat(500) + ".")))
                .flatMap(each -> each);
    }

    private static Stream<Buffer> cbor() {
        return Stream.concat(
                CBOR_LENGTHS.stream().map(Vectors::bytes),
                // Arrays in arrays, maps, tags; empty arrays side by side, and in more of them.
                Stream.concat(
                        Stream.of("81", "9f", "9f" + "80".repeat(200), "a1", "c1", "bf", "d90102")
                                .map(hex -> Vectors.bytes(hex.repeat(501))),
                        Stream.of(Vectors.bytes("9f" + "80".repeat(70_000)))));
    }

    private static Buffer pickle(String opcodes) {
        return Vectors.bytes("8004").appendString(opcodes);
    }

    /** Our servers, and clients that mean no good. */
    static final class Hostile {

        private Hostile() {}

        public static void main(String[] arguments) {
            try (FramedBus bus = new FramedBus()) {
                play(bus, "pickle", MAX_VALUE_BYTES, Vectors.bytes("80044b012e"), pickles());
                play(bus, "cbor", MAX_VALUE_BYTES, Vectors.bytes("01"), cbor());
                play(
                        bus,
                        "pickle",
                        HostilePickles.REFERENCES_BYTES,
                        Vectors.bytes("80044b012e"),
                        HostilePickles.references().map(Bomb::pickle));
            }
        }

        private static void play(
                FramedBus bus, String codec, long maxValueBytes, Buffer good, Stream<Buffer> payloads) {
            int port = bus.server(new JsonObject()
                    .put("name", codec + maxValueBytes)
                    .put("codec", codec)
                    .put("maxValueBytes", maxValueBytes));
            FramedService server = FramedService.proxy(bus.vertx, "polywire." + codec + maxValueBytes);
            try (FramedPeer peer = FramedPeer.connect(port);
                    Items items = bus.items(server)) {
                payloads.forEach(payload -> {
                    peer.write(FramedPeer.frame(payload)).write(FramedPeer.frame(good));
                    JsonObject failure = items.next().getJsonObject("failure");
                    if (failure == null || !failure.getString("message").startsWith("payload: " + codec + ": ")) {
                        throw new AssertionError(failure + " for " + payload.length() + " bytes");
                    }
                    if (items.next().getInteger("value") != 1) {
                        throw new AssertionError("does not go on");
                    }
                });
            }
        }
    }
}
