package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a log sees of each frame on both sides, and that it never sees credentials. */
class BoltFrameTapTest {

    private final List<String> client = new ArrayList<>();
    private final List<String> server = new ArrayList<>();

    private static FrameTap tap(List<String> seen) {
        return (sent, name, bytes, secret) -> {
            seen.add((sent ? "> " : "< ") + name + (secret ? " SECRET" : ""));
            assertTrue(bytes.length() > 0);
            assertTrue(secret || !text(bytes).contains("secret"), name);
        };
    }

    private static String text(Buffer bytes) {
        return new String(bytes.getBytes(), StandardCharsets.ISO_8859_1);
    }

    static List<BoltVersion> versions() {
        return BoltVersion.ALL;
    }

    @ParameterizedTest
    @MethodSource("versions")
    void framesAreNamed(BoltVersion version) {
        Conversation conversation = new Conversation(
                        Conversation.clientOptions(version), Conversation.serverOptions(), tap(client), tap(server))
                .echo(true)
                .start();
        conversation.send(run("fail"), BoltRequest.Pull.ALL);
        conversation.send(new BoltRequest.Reset(), run("x"), BoltRequest.Pull.ALL);
        String greeting = version.hasTransactions() ? "HELLO" : "INIT";
        List<String> asked = new ArrayList<>(List.of(greeting + " SECRET"));
        List<String> answered = new ArrayList<>(List.of("SUCCESS"));
        if (version.hasLogon()) {
            asked.add("LOGON SECRET");
            answered.add("SUCCESS");
        }
        asked.addAll(List.of("RUN", "PULL", "RESET", "RUN", "PULL"));
        answered.addAll(List.of("FAILURE", "IGNORED", "SUCCESS", "SUCCESS", "RECORD", "SUCCESS"));
        assertEquals(asked, of(client, "> "));
        assertEquals(asked, of(server, "< "));
        assertEquals(answered, of(client, "< "));
        assertEquals(answered, of(server, "> "));
    }

    @Test
    void whatCannotBeReadMayBeAPassword() {
        Conversation conversation = new Conversation(
                Conversation.clientOptions(BoltVersion.V1), Conversation.serverOptions(), FrameTap.NONE, tap(server));
        conversation.start();
        Buffer broken = Vectors.bytes("000bb101").appendString("secret").appendBytes(new byte[] {1, 2, 3, 0, 0});
        conversation.asked.clear();
        conversation.server.success(1, Map.of());
        conversation.server.receive(broken, 0);
        assertThrows(ProtocolException.class, conversation.server::nextEvent);
        assertTrue(server.contains("< message SECRET"), server::toString);
        assertFalse(server.isEmpty());
    }

    private static List<String> of(List<String> seen, String direction) {
        return seen.stream()
                .filter(line -> line.startsWith(direction) && !line.endsWith("handshake"))
                .map(line -> line.substring(2))
                .toList();
    }
}
