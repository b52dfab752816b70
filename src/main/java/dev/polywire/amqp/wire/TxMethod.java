package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/** Class 90, {@code tx} (AMQP 0-9-1, 1.9): publishes and acknowledgements of a channel that take effect together. */
public sealed interface TxMethod extends AmqpMethod {

    int CLASS = 90 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable TxMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Select.ID -> new Select();
            case SelectOk.ID -> new SelectOk();
            case Commit.ID -> new Commit();
            case CommitOk.ID -> new CommitOk();
            case Rollback.ID -> new Rollback();
            case RollbackOk.ID -> new RollbackOk();
            default -> null;
        };
    }

    /** {@code 90.10} */
    record Select() implements TxMethod, SynchronousMethod {
        public static final int ID = CLASS | 10;
    }

    /** {@code 90.11} */
    record SelectOk() implements TxMethod {
        public static final int ID = CLASS | 11;
    }

    /** {@code 90.20} */
    record Commit() implements TxMethod, SynchronousMethod {
        public static final int ID = CLASS | 20;
    }

    /** {@code 90.21} */
    record CommitOk() implements TxMethod {
        public static final int ID = CLASS | 21;
    }

    /** {@code 90.30} */
    record Rollback() implements TxMethod, SynchronousMethod {
        public static final int ID = CLASS | 30;
    }

    /** {@code 90.31} */
    record RollbackOk() implements TxMethod {
        public static final int ID = CLASS | 31;
    }
}
