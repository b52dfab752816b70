package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.LONG_MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.testing.InSmallJvm;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client with 64 MB. */
@Timeout(120)
class EventStoreClientMemoryTest {

    private static final int CHUNK_BYTES = 1024 * 1024;

    private static List<Buffer> package64(UUID id) {
        List<Buffer> pieces = new ArrayList<>();
        pieces.add(Vectors.bytes("00000004b1000102030405060708090a0b0c0d0e0f10").setBuffer(6, DotNetGuid.bytes(id)));
        Buffer chunk = Buffer.buffer(new byte[CHUNK_BYTES]);
        for (int i = 0; i < 64; i++) {
            pieces.add(chunk);
        }
        pieces.set(64, chunk.slice(0, CHUNK_BYTES - 18));
        pieces.add(ScriptedStore.frame(new UUID(5, 6), new ConnectionMessage.HeartbeatRequest()));
        return pieces;
    }

    /** A package that is allowed, and larger than half of the memory: its call fails, each time, and the client goes on. */
    @Test
    @InSmallJvm
    void packagesOf64MebibytesWithHeartbeatsBehindThem() {
        int[] asked = {0};
        try (ScriptedStore store = new ScriptedStore(question -> {
                    boolean large = question.command() == TcpCommand.READ_EVENT && asked[0]++ < 4;
                    return large
                            ? package64(question.correlationId())
                            : List.of(Vectors.bytes("14000000b1000102030405060708090a0b0c0d0e0f101200")
                                    .setBuffer(6, DotNetGuid.bytes(question.correlationId())));
                });
                ClientAtWork work = ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE)
                        .start()) {
            ReadMessage.ReadEvent question = new ReadMessage.ReadEvent("s", 0, false, false);
            for (int i = 0; i < 4; i++) {
                ProtocolException tooLong = assertInstanceOf(
                        ProtocolException.class, Outcome.failure(work.send(question, Repetition.READ, LONG_MILLIS)));
                assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
            }
            Outcome.value(work.send(question, Repetition.READ, LONG_MILLIS));
        }
    }
}
