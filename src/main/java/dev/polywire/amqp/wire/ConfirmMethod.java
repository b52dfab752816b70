package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * Class 85, {@code confirm} (RabbitMQ): from {@code select} on each publish of the channel is acknowledged.
 */
public sealed interface ConfirmMethod extends AmqpMethod {

    int CLASS = 85 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable ConfirmMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Select.ID -> Select.read(in);
            case SelectOk.ID -> new SelectOk();
            default -> null;
        };
    }

    /** {@code 85.10} */
    record Select(boolean noWait) implements ConfirmMethod, SynchronousMethod {
        public static final int ID = CLASS | 10;

        static Select read(AmqpReader in) {
            return new Select(in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.bit(noWait);
        }
    }

    /** {@code 85.11} */
    record SelectOk() implements ConfirmMethod {
        public static final int ID = CLASS | 11;
    }
}
