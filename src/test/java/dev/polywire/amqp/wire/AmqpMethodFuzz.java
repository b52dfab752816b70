package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.stream.Stream;

/** The payload of a method frame: a method, or a complaint. What was read can be written, and reads as the same. */
public final class AmqpMethodFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "amqp-method";
    }

    @Override
    public Stream<Buffer> seeds() {
        Random random = new Random(12);
        return Encoded.methods().stream()
                .flatMap(type -> Stream.of(Encoded.method(type, random), Encoded.method(type, random)))
                .map(Encoded::payload);
    }

    @Override
    public void run(Buffer input) {
        AmqpMethod method;
        try {
            method = AmqpMethod.read(new AmqpReader(input));
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE, ProtocolException.Kind.FRAMING);
            return;
        }
        Complaint.require(method.name());
        Buffer written;
        try {
            written = Encoded.payload(method);
        } catch (IllegalArgumentException unsayable) {
            // What was no UTF-8 is longer now.
            Complaint.require(unsayable.getMessage());
            return;
        }
        assertEquals(method, AmqpMethod.read(new AmqpReader(written)));
    }
}
