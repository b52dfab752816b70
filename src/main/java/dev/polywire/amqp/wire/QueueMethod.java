package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Class 50, {@code queue} (AMQP 0-9-1, 1.7). An empty queue name means the one that was declared last on the channel.
 */
public sealed interface QueueMethod extends AmqpMethod {

    int CLASS = 50 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable QueueMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Declare.ID -> Declare.read(in);
            case DeclareOk.ID -> DeclareOk.read(in);
            case Bind.ID -> Bind.read(in);
            case BindOk.ID -> new BindOk();
            case Purge.ID -> Purge.read(in);
            case PurgeOk.ID -> PurgeOk.read(in);
            case Delete.ID -> Delete.read(in);
            case DeleteOk.ID -> DeleteOk.read(in);
            case Unbind.ID -> Unbind.read(in);
            case UnbindOk.ID -> new UnbindOk();
            default -> null;
        };
    }

    /** {@code 50.10}: with an empty name the server generates one. */
    record Declare(
            String queue,
            boolean passive,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            boolean noWait,
            Map<String, @Nullable Object> arguments)
            implements QueueMethod, SynchronousMethod {
        public static final int ID = CLASS | 10;

        static Declare read(AmqpReader in) {
            in.u16();
            return new Declare(in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("queue", queue)
                    .bit(passive)
                    .bit(durable)
                    .bit(exclusive)
                    .bit(autoDelete)
                    .bit(noWait)
                    .table(arguments);
        }
    }

    /** {@code 50.11} */
    record DeclareOk(String queue, long messageCount, long consumerCount) implements QueueMethod {
        public static final int ID = CLASS | 11;

        public DeclareOk {
            Limits.range("messageCount", messageCount, 0, 0xffff_ffffL);
            Limits.range("consumerCount", consumerCount, 0, 0xffff_ffffL);
        }

        static DeclareOk read(AmqpReader in) {
            return new DeclareOk(in.shortString(), in.u32(), in.u32());
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("queue", queue).u32(messageCount).u32(consumerCount);
        }
    }

    /** {@code 50.20} */
    record Bind(
            String queue, String exchange, String routingKey, boolean noWait, Map<String, @Nullable Object> arguments)
            implements QueueMethod, SynchronousMethod {
        public static final int ID = CLASS | 20;

        static Bind read(AmqpReader in) {
            in.u16();
            return new Bind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("queue", queue)
                    .shortString("exchange", exchange)
                    .shortString("routingKey", routingKey)
                    .bit(noWait)
                    .table(arguments);
        }
    }

    /** {@code 50.21} */
    record BindOk() implements QueueMethod {
        public static final int ID = CLASS | 21;
    }

    /** {@code 50.30} */
    record Purge(String queue, boolean noWait) implements QueueMethod, SynchronousMethod {
        public static final int ID = CLASS | 30;

        static Purge read(AmqpReader in) {
            in.u16();
            return new Purge(in.shortString(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0).shortString("queue", queue).bit(noWait);
        }
    }

    /** {@code 50.31} */
    record PurgeOk(long messageCount) implements QueueMethod {
        public static final int ID = CLASS | 31;

        public PurgeOk {
            Limits.range("messageCount", messageCount, 0, 0xffff_ffffL);
        }

        static PurgeOk read(AmqpReader in) {
            return new PurgeOk(in.u32());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u32(messageCount);
        }
    }

    /** {@code 50.40} */
    record Delete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait)
            implements QueueMethod, SynchronousMethod {
        public static final int ID = CLASS | 40;

        static Delete read(AmqpReader in) {
            in.u16();
            return new Delete(in.shortString(), in.bit(), in.bit(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0).shortString("queue", queue).bit(ifUnused).bit(ifEmpty).bit(noWait);
        }
    }

    /** {@code 50.41} */
    record DeleteOk(long messageCount) implements QueueMethod {
        public static final int ID = CLASS | 41;

        public DeleteOk {
            Limits.range("messageCount", messageCount, 0, 0xffff_ffffL);
        }

        static DeleteOk read(AmqpReader in) {
            return new DeleteOk(in.u32());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u32(messageCount);
        }
    }

    /** {@code 50.50} */
    record Unbind(String queue, String exchange, String routingKey, Map<String, @Nullable Object> arguments)
            implements QueueMethod, SynchronousMethod {
        public static final int ID = CLASS | 50;

        static Unbind read(AmqpReader in) {
            in.u16();
            return new Unbind(in.shortString(), in.shortString(), in.shortString(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("queue", queue)
                    .shortString("exchange", exchange)
                    .shortString("routingKey", routingKey)
                    .table(arguments);
        }
    }

    /** {@code 50.51} */
    record UnbindOk() implements QueueMethod {
        public static final int ID = CLASS | 51;
    }
}
