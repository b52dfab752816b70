package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.Pieces;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a client sends: chunks of messages. Requests that are answered at once, or the end. Option 0: the handshake is part of
 * the stream; option 1: nothing is answered, so that a RESET interrupts; the others choose a version.
 */
public final class BoltServerFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "bolt-server";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                Stream.concat(HostileBolt.toServerAtOnce(), HostileBolt.toServer())
                        .map(HostileBolt.Row::bytes)
                        .flatMap(stream -> Stream.of(Pieces.seed(1, stream), Pieces.slowSeed(1, stream))),
                BoltClientFuzz.messages()
                        .flatMap(stream -> Stream.of(Pieces.seed(0, stream), Pieces.slowSeed(6, stream))));
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        BoltServerMachine server = pieces.option(0)
                ? new BoltServerMachine(Conversation.serverOptions(), FrameTap.NONE)
                : Conversation.ready(BoltClientFuzz.version(pieces)).server;
        if (pieces.option(0)) {
            server.start(0);
        }
        BoltLimits limits = Conversation.serverOptions().limits();
        try {
            for (Buffer piece : pieces.all()) {
                server.receive(piece, 0);
                for (BoltServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
                    if (event instanceof BoltServerEvent.Request request && !pieces.option(1)) {
                        server.success(request.number(), Map.of());
                    }
                }
                assertTrue(server.heldBytes() <= limits.maxMessageBytes() + piece.length());
            }
            server.peerClosed(0);
            server.nextEvent();
        } catch (ProtocolException violation) {
            Complaint.require(violation, ProtocolException.Kind.values());
            assertEquals(BoltState.DEFUNCT, server.state());
        }
    }
}
