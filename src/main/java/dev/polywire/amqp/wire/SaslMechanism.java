package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a client authenticates (AMQP 0-9-1, 1.4.2.3). Each mechanism is an object; one that keeps state belongs to one
 * connection. Its text is the name only.
 */
public interface SaslMechanism {

    /** The name in the server's list. */
    String name();

    /** What {@code start-ok} carries. */
    Buffer initialResponse();

    /**
     * The answer to {@code secure}.
     *
     * @throws ProtocolException FRAMING when the mechanism has no response, which ends the connection
     */
    default Buffer respond(Buffer challenge) {
        throw ProtocolException.framing("challenge: for " + name() + " (expected: none)");
    }

    /** RFC 4616: {@code 00 user 00 password}. Throws IllegalArgumentException when one of them has no UTF-8. */
    static SaslMechanism plain(String user, String password) {
        byte[] zero = {0};
        return fixed(
                "PLAIN",
                Buffer.buffer(zero)
                        .appendBytes(Utf8.encoded("user", user))
                        .appendBytes(zero)
                        .appendBytes(Utf8.encoded("password", password)));
    }

    /** As {@link #plain}, in a table without its length, as RabbitMQ reads it. */
    static SaslMechanism amqplain(String user, String password) {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("LOGIN", user);
        table.put("PASSWORD", password);
        AmqpWriter out = new AmqpWriter();
        FieldWriter.fields(out, table, 0);
        return fixed("AMQPLAIN", out.copy());
    }

    /** The client's certificate identifies it. */
    static SaslMechanism external() {
        return fixed("EXTERNAL", Buffer.buffer());
    }

    private static SaslMechanism fixed(String name, Buffer response) {
        return new SaslMechanism() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Buffer initialResponse() {
                return response;
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    /** Whether a list of names with blanks between them, as in {@code start}, has this one. */
    static boolean isIn(Buffer names, String name) {
        for (String each : names.toString(StandardCharsets.UTF_8).split(" ")) {
            if (each.equals(name)) {
                return true;
            }
        }
        return false;
    }
}
