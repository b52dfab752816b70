package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Class 60, {@code basic} (AMQP 0-9-1, 1.8), with RabbitMQ's {@code nack}. What carries a content is a {@link ContentMethod}.
 */
public sealed interface BasicMethod extends AmqpMethod
        permits ContentMethod,
                BasicMethod.Qos,
                BasicMethod.QosOk,
                BasicMethod.Consume,
                BasicMethod.ConsumeOk,
                BasicMethod.Cancel,
                BasicMethod.CancelOk,
                BasicMethod.Get,
                BasicMethod.GetEmpty,
                BasicMethod.Ack,
                BasicMethod.Reject,
                BasicMethod.RecoverAsync,
                BasicMethod.Recover,
                BasicMethod.RecoverOk,
                BasicMethod.Nack {

    int CLASS = 60 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable BasicMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Qos.ID -> Qos.read(in);
            case QosOk.ID -> new QosOk();
            case Consume.ID -> Consume.read(in);
            case ConsumeOk.ID -> ConsumeOk.read(in);
            case Cancel.ID -> Cancel.read(in);
            case CancelOk.ID -> CancelOk.read(in);
            case Get.ID -> Get.read(in);
            case GetEmpty.ID -> GetEmpty.read(in);
            case Ack.ID -> Ack.read(in);
            case Reject.ID -> Reject.read(in);
            case RecoverAsync.ID -> RecoverAsync.read(in);
            case Recover.ID -> Recover.read(in);
            case RecoverOk.ID -> new RecoverOk();
            case Nack.ID -> Nack.read(in);
            default -> ContentMethod.read(id, in);
        };
    }

    /** {@code 60.10}: the prefetch. RabbitMQ accepts no size; {@code global} false applies to each later consumer. */
    record Qos(long prefetchSize, int prefetchCount, boolean global) implements BasicMethod, SynchronousMethod {
        public static final int ID = CLASS | 10;

        public Qos {
            Limits.range("prefetchSize", prefetchSize, 0, 0xffff_ffffL);
            Limits.range("prefetchCount", prefetchCount, 0, 0xffff);
        }

        static Qos read(AmqpReader in) {
            return new Qos(in.u32(), in.u16(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u32(prefetchSize).u16(prefetchCount).bit(global);
        }
    }

    /** {@code 60.11} */
    record QosOk() implements BasicMethod {
        public static final int ID = CLASS | 11;
    }

    /** {@code 60.20}: with an empty tag the server generates one. */
    record Consume(
            String queue,
            String consumerTag,
            boolean noLocal,
            boolean noAck,
            boolean exclusive,
            boolean noWait,
            Map<String, @Nullable Object> arguments)
            implements BasicMethod, SynchronousMethod {
        public static final int ID = CLASS | 20;

        static Consume read(AmqpReader in) {
            in.u16();
            return new Consume(in.shortString(), in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("queue", queue)
                    .shortString("consumerTag", consumerTag)
                    .bit(noLocal)
                    .bit(noAck)
                    .bit(exclusive)
                    .bit(noWait)
                    .table(arguments);
        }

        /** The same from another queue. */
        public Consume of(String other) {
            return new Consume(other, consumerTag, noLocal, noAck, exclusive, noWait, arguments);
        }

        /** The same by another name, with other arguments; it has an answer. */
        public Consume with(String tag, Map<String, @Nullable Object> otherArguments) {
            return new Consume(queue, tag, noLocal, noAck, exclusive, false, otherArguments);
        }

        /** The server may answer a later request first, so the tag decides. */
        @Override
        public boolean isAnsweredBy(AmqpMethod reply) {
            return reply instanceof ConsumeOk ok && (consumerTag.isEmpty() || consumerTag.equals(ok.consumerTag()));
        }
    }

    /** {@code 60.21} */
    record ConsumeOk(String consumerTag) implements BasicMethod {
        public static final int ID = CLASS | 21;

        static ConsumeOk read(AmqpReader in) {
            return new ConsumeOk(in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("consumerTag", consumerTag);
        }
    }

    /** {@code 60.30}: from us; or from the server, when the queue is gone (RabbitMQ). */
    record Cancel(String consumerTag, boolean noWait) implements BasicMethod, SynchronousMethod {
        public static final int ID = CLASS | 30;

        static Cancel read(AmqpReader in) {
            return new Cancel(in.shortString(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("consumerTag", consumerTag).bit(noWait);
        }

        @Override
        public boolean isAnsweredBy(AmqpMethod reply) {
            return reply instanceof CancelOk ok && consumerTag.equals(ok.consumerTag());
        }
    }

    /** {@code 60.31} */
    record CancelOk(String consumerTag) implements BasicMethod {
        public static final int ID = CLASS | 31;

        static CancelOk read(AmqpReader in) {
            return new CancelOk(in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("consumerTag", consumerTag);
        }
    }

    /** {@code 60.70}: one message; {@link ContentMethod.GetOk} or {@link GetEmpty}. */
    record Get(String queue, boolean noAck) implements BasicMethod, SynchronousMethod {
        public static final int ID = CLASS | 70;

        static Get read(AmqpReader in) {
            in.u16();
            return new Get(in.shortString(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0).shortString("queue", queue).bit(noAck);
        }

        @Override
        public boolean isAnsweredBy(AmqpMethod reply) {
            return reply instanceof GetEmpty || reply instanceof ContentMethod.GetOk;
        }
    }

    /** {@code 60.72} */
    record GetEmpty() implements BasicMethod {
        public static final int ID = CLASS | 72;

        static GetEmpty read(AmqpReader in) {
            in.shortString();
            return new GetEmpty();
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("reserved", "");
        }
    }

    /**
     * {@code 60.80}: a delivery is settled; from the server, a publish is.
     *
     * @param multiple this one and all before it; with tag 0 all
     */
    record Ack(long deliveryTag, boolean multiple) implements BasicMethod {
        public static final int ID = CLASS | 80;

        static Ack read(AmqpReader in) {
            return new Ack(in.u64(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u64(deliveryTag).bit(multiple);
        }
    }

    /** {@code 60.90} */
    record Reject(long deliveryTag, boolean requeue) implements BasicMethod {
        public static final int ID = CLASS | 90;

        static Reject read(AmqpReader in) {
            return new Reject(in.u64(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u64(deliveryTag).bit(requeue);
        }
    }

    /** {@code 60.100}, the old form of {@link Recover}, without an answer. */
    record RecoverAsync(boolean requeue) implements BasicMethod {
        public static final int ID = CLASS | 100;

        static RecoverAsync read(AmqpReader in) {
            return new RecoverAsync(in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.bit(requeue);
        }
    }

    /** {@code 60.110}: all unsettled deliveries come again. */
    record Recover(boolean requeue) implements BasicMethod, SynchronousMethod {
        public static final int ID = CLASS | 110;

        static Recover read(AmqpReader in) {
            return new Recover(in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.bit(requeue);
        }
    }

    /** {@code 60.111} */
    record RecoverOk() implements BasicMethod {
        public static final int ID = CLASS | 111;
    }

    /** {@code 60.120}: as {@link Ack}, and it was not taken (RabbitMQ). */
    record Nack(long deliveryTag, boolean multiple, boolean requeue) implements BasicMethod {
        public static final int ID = CLASS | 120;

        static Nack read(AmqpReader in) {
            return new Nack(in.u64(), in.bit(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u64(deliveryTag).bit(multiple).bit(requeue);
        }
    }
}
