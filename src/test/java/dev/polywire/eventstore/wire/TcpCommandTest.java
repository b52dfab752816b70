package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of commands. */
class TcpCommandTest {

    /** Numbers as the protocol's table has them: those of clients, of servers, of both, of nodes. */
    private static final String ALL = """
            CLIENT 82 84 86 88 8a b0 b2 b4 b6 b8 ba bc c0 c3 c5 c8 ca cc cd ce d0 d2 f2 f5
            SERVER 83 85 87 89 8b b1 b3 b5 b7 b9 bb be c1 c2 c4 c6 c7 c9 cb cf d1 d3 f0 f1 f3 f4 f6
            BOTH 01 02 03 04
            NODE 05 10
            """;

    @Test
    void allOfThemWithTheirNumbers() {
        String found = Stream.of(TcpCommand.Sender.values())
                .map(sender -> sender
                        + Stream.of(TcpCommand.values())
                                .filter(each -> each.sender() == sender)
                                .map(each -> String.format(" %02x", each.number()))
                                .sorted()
                                .collect(Collectors.joining())
                        + "\n")
                .collect(Collectors.joining());
        assertEquals(ALL, found);
    }

    @Test
    void eachIsFoundByItsNumber() {
        List<TcpCommand> found = IntStream.range(0, 256)
                .mapToObj(TcpCommand::of)
                .filter(command -> command != null)
                .toList();
        assertEquals(List.of(TcpCommand.values()), found.stream().sorted().toList());
        // E06, and the number that was left out.
        assertNull(TcpCommand.of(0x77));
        assertNull(TcpCommand.of(0xbd));
    }

    /** Each has a record, and each record a command that reads it; two have the records of both directions of reading. */
    @Test
    void eachHasItsMessage() {
        Random random = new Random(1);
        Set<TcpCommand> read = new TreeSet<>();
        for (Class<? extends EventStoreMessage> type : Messages.types()) {
            for (int i = 0; i < 20; i++) {
                EventStoreMessage message = Messages.some(type, random);
                assertEquals(
                        type,
                        EventStoreMessage.read(message.command(), message.payload())
                                .getClass());
                read.add(message.command());
            }
        }
        Set<TcpCommand> all = new TreeSet<>(List.of(TcpCommand.values()));
        all.removeIf(command -> command.sender() == TcpCommand.Sender.NODE);
        assertEquals(all, read);
    }

    @Test
    void whatNodesSendIsNotRead() {
        ProtocolException refused = assertThrows(
                ProtocolException.class, () -> EventStoreMessage.read(TcpCommand.PREPARE_ACK, Buffer.buffer()));
        assertEquals(ProtocolException.Kind.DECODE, refused.kind());
        assertEquals("PrepareAck", TcpCommand.PREPARE_ACK.protocolName());
    }
}
