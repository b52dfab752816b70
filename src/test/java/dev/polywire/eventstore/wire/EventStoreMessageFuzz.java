package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The number of a command and a payload: its message, or a complaint. What was read can be written, and reads as the same.
 * Other numbers are other bytes of the same payload: a fuzzer finds out what they have in common.
 */
public final class EventStoreMessageFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "eventstore-message";
    }

    @Override
    public Stream<Buffer> seeds() {
        Random random = new Random(13);
        return Stream.concat(
                Messages.types().stream()
                        .flatMap(type -> Stream.of(Messages.some(type, random), Messages.some(type, random)))
                        .map(message -> seed(message.command().number(), message.payload())),
                Stream.concat(
                        Vectors.read("eventstore-protobuf.txt").all().stream()
                                .map(vector -> seed(TcpCommand.NOT_HANDLED.number(), vector.bytes())),
                        Transcript.all().stream()
                                .filter(each -> each.name().contains("/garbage-")
                                        || each.name().contains("/bad-")
                                        || each.name().contains("/unknown-"))
                                .flatMap(each -> each.lines().stream())
                                .filter(Transcript.Line::isPackage)
                                .map(line -> TcpPackage.read(line.bytes(), CredentialsLayout.PASSWORDS))
                                .map(read -> seed(read.commandNumber(), read.payload()))));
    }

    private static Buffer seed(int commandNumber, Buffer payload) {
        return Buffer.buffer().appendByte((byte) commandNumber).appendBuffer(payload);
    }

    @Override
    public void run(Buffer input) {
        TcpCommand command = TcpCommand.of(input.getUnsignedByte(0));
        if (command == null) {
            return;
        }
        EventStoreMessage message;
        try {
            message = EventStoreMessage.read(command, input.getBuffer(1, input.length()));
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        assertEquals(command, message.command());
        assertNotNull(message.toString());
        assertEquals(message, EventStoreMessage.read(command, message.payload()));
    }
}
