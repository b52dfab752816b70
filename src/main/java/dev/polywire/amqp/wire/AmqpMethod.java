package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;

/**
 * A method (AMQP 0-9-1, 2.3.5.1): its number and its arguments, one sealed interface for each class of the specification.
 * The constructor of a record refuses numbers out of range; writing refuses texts over 255 bytes.
 */
public sealed interface AmqpMethod
        permits ConnectionMethod, ChannelMethod, ExchangeMethod, QueueMethod, BasicMethod, ConfirmMethod, TxMethod {

    /** Class number times 65,536, and method number: the {@code ID} of its record. */
    default int id() {
        return MethodKind.of(getClass()).id();
    }

    /** Writes the arguments; nothing, if there are none. */
    default void write(AmqpWriter out) {}

    /** The name in the specification: {@code queue.declare-ok}. */
    default String name() {
        return MethodKind.of(getClass()).name();
    }

    /** Whether {@code reply} answers this, if this is a {@link SynchronousMethod}. Most answers have the next number. */
    default boolean isAnsweredBy(AmqpMethod reply) {
        return reply.id() == id() + 1;
    }

    /**
     * Reads the payload of a method frame: number and arguments.
     *
     * @throws ProtocolException DECODE when the arguments are bad, FRAMING for an unknown method
     */
    static AmqpMethod read(AmqpReader in) {
        int id = (int) in.u32();
        int classId = id >>> 16;
        AmqpMethod method = switch (classId) {
            case 10 -> ConnectionMethod.read(id, in);
            case 20 -> ChannelMethod.read(id, in);
            case 40 -> ExchangeMethod.read(id, in);
            case 50 -> QueueMethod.read(id, in);
            case 60 -> BasicMethod.read(id, in);
            case 85 -> ConfirmMethod.read(id, in);
            case 90 -> TxMethod.read(id, in);
            default -> null;
        };
        if (method == null) {
            throw ProtocolException.framing(
                    "method: " + classId + "." + (id & 0xffff) + " (expected: one of AMQP 0-9-1 or RabbitMQ)");
        }
        in.requireEnd();
        return method;
    }
}
