package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Class 20, {@code channel} (AMQP 0-9-1, 1.5).
 */
public sealed interface ChannelMethod extends AmqpMethod {

    int CLASS = 20 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable ChannelMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Open.ID -> Open.read(in);
            case OpenOk.ID -> OpenOk.read(in);
            case Flow.ID -> Flow.read(in);
            case FlowOk.ID -> FlowOk.read(in);
            case Close.ID -> Close.read(in);
            case CloseOk.ID -> new CloseOk();
            default -> null;
        };
    }

    /** {@code 20.10} */
    record Open() implements ChannelMethod, SynchronousMethod {
        public static final int ID = CLASS | 10;

        static Open read(AmqpReader in) {
            in.shortString();
            return new Open();
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("reserved", "");
        }
    }

    /** {@code 20.11} */
    record OpenOk() implements ChannelMethod {
        public static final int ID = CLASS | 11;

        static OpenOk read(AmqpReader in) {
            in.longString();
            return new OpenOk();
        }

        @Override
        public void write(AmqpWriter out) {
            out.longString("");
        }
    }

    /** {@code 20.20}: whether the receiver may send contents. RabbitMQ does not take {@code false} from a client (540). */
    record Flow(boolean active) implements ChannelMethod, SynchronousMethod {
        public static final int ID = CLASS | 20;

        static Flow read(AmqpReader in) {
            return new Flow(in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.bit(active);
        }
    }

    /** {@code 20.21} */
    record FlowOk(boolean active) implements ChannelMethod {
        public static final int ID = CLASS | 21;

        static FlowOk read(AmqpReader in) {
            return new FlowOk(in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.bit(active);
        }
    }

    /**
     * {@code 20.40}: The end, with a reason.
     *
     * @param replyCode see {@link ReplyCode}
     * @param classId of the method that is the cause; 0: none
     */
    record Close(int replyCode, String replyText, int classId, int methodId)
            implements ChannelMethod, SynchronousMethod {
        public static final int ID = CLASS | 40;

        public Close {
            Limits.range("replyCode", replyCode, 0, 0xffff);
            Limits.range("classId", classId, 0, 0xffff);
            Limits.range("methodId", methodId, 0, 0xffff);
        }

        static Close read(AmqpReader in) {
            return new Close(in.u16(), in.shortString(), in.u16(), in.u16());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(replyCode).shortString("replyText", replyText).u16(classId).u16(methodId);
        }
    }

    /** {@code 20.41} */
    record CloseOk() implements ChannelMethod {
        public static final int ID = CLASS | 41;
    }
}
