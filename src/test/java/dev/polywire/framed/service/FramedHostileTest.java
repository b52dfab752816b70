package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer does wrong is said where its messages are read, and concerns nobody else. */
class FramedHostileTest {

    private final FramedBus bus = new FramedBus();
    private int port;
    private Items items;
    private FramedPeer healthy;

    @BeforeEach
    void serve() {
        port = bus.server(new JsonObject().put("frameTimeoutMillis", 1_000));
        items = bus.items(bus.server());
        healthy = FramedPeer.connect(port).send("1");
        assertEquals(new JsonObject("{\"connection\":\"1\",\"value\":1}"), items.next());
    }

    @AfterEach
    void close() {
        healthy.send("2");
        assertEquals(new JsonObject("{\"connection\":\"1\",\"value\":2}"), items.next());
        healthy.close();
        items.close();
        bus.close();
    }

    /** C3-5: what cannot be read is one message, and no more. */
    @ParameterizedTest
    @ValueSource(strings = {"S03", "S05", "S06", "S07", "S09", "S10", "S11"})
    void anUnreadableMessageAndTheNext(String id) {
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.write(AbuseVectors.of("smart-connection").get(id).bytes()).send("3");
            assertFailure(4520, "PROTOCOL_VIOLATION", "payload: json: ");
            assertEquals(new JsonObject("{\"connection\":\"2\",\"value\":3}"), items.next());
            assertEquals(1, bus.counter(bus.server(), "undecodable"));
            assertEquals(0, bus.counter(bus.server(), "brokenOff"));
        }
    }

    @ParameterizedTest
    @CsvSource({"S01, 4294967295", "S02, 16777217"})
    void aLengthOverTheLimit(String id, long length) {
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.write(AbuseVectors.of("smart-connection").get(id).bytes());
            assertFailure(4413, "LIMIT_EXCEEDED", "length: " + length + " (expected: <= 16777216)");
            assertEquals(0, peer.readToEnd());
            assertEquals(1, bus.counter(bus.server(), "brokenOff"));
        }
    }

    /** S08: which of the two is meant is anybody's guess. */
    @Test
    void aNameTwice() {
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.send("{\"role\":\"user\",\"role\":\"admin\"}", "3");
            assertFailure(4520, "PROTOCOL_VIOLATION", "payload: json: malformed near character ");
            assertEquals(new JsonObject("{\"connection\":\"2\",\"value\":3}"), items.next());
        }
    }

    /** S12: ten thousand failures, and room for others between them. */
    @Test
    void tenThousandEmptyMessages() {
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.write(Buffer.buffer(new byte[4 * 10_000])).send("3");
            for (int i = 0; i < 10_000; i++) {
                assertFailure(4520, "PROTOCOL_VIOLATION", "payload: json: empty (expected: a value)");
            }
            assertEquals(new JsonObject("{\"connection\":\"2\",\"value\":3}"), items.next());
        }
    }

    /** S16 */
    @ParameterizedTest
    @CsvSource({"00, 1", "000000, 3", "00000005, 4", "0000000568656c, 7"})
    void aMessageThatItsPeerCutOff(String hex, int bytes) {
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.send("3").write(Vectors.bytes(hex)).finish();
            assertEquals(new JsonObject("{\"connection\":\"2\",\"value\":3}"), items.next());
            assertFailure(
                    4520,
                    "PROTOCOL_VIOLATION",
                    "message: truncated by the peer after " + bytes + " bytes of its frame");
            assertEquals(0, peer.readToEnd());
        }
    }

    /** S04, C3-2 */
    @Test
    void aMessageThatItsPeerDoesNotFinish() {
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.send("3").write(Vectors.bytes("000000"));
            assertEquals(new JsonObject("{\"connection\":\"2\",\"value\":3}"), items.next());
            assertFailure(4413, "LIMIT_EXCEEDED", "message: unfinished after 1000 ms, 3 bytes of its frame are here");
            assertEquals(0, peer.readToEnd());
        }
    }

    private void assertFailure(int code, String name, String message) {
        JsonObject item = items.next();
        assertEquals("2", item.getString("connection"), item::encode);
        JsonObject failure = item.getJsonObject("failure");
        assertEquals(code, failure.getInteger("code"));
        assertEquals(name, failure.getString("name"));
        assertTrue(failure.getString("message").startsWith(message), item::encode);
        assertEquals(java.util.Set.of("connection", "failure"), item.fieldNames());
    }
}
