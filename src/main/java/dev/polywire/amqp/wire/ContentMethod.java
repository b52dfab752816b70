package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The methods of class 60, {@code basic}, that a content follows: one {@link ContentHeader} and the frames of its body.
 */
public sealed interface ContentMethod extends BasicMethod {

    /** The method with this number; null: this class has none. */
    static @Nullable ContentMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Publish.ID -> Publish.read(in);
            case Return.ID -> Return.read(in);
            case Deliver.ID -> Deliver.read(in);
            case GetOk.ID -> GetOk.read(in);
            default -> null;
        };
    }

    /** {@code 60.40}. RabbitMQ does not accept {@code immediate} (540). */
    record Publish(String exchange, String routingKey, boolean mandatory, boolean immediate) implements ContentMethod {
        public static final int ID = CLASS | 40;

        static Publish read(AmqpReader in) {
            in.u16();
            return new Publish(in.shortString(), in.shortString(), in.bit(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("exchange", exchange)
                    .shortString("routingKey", routingKey)
                    .bit(mandatory)
                    .bit(immediate);
        }
    }

    /** {@code 60.50}: a mandatory publish that reached no queue; it comes before the confirm. */
    record Return(int replyCode, String replyText, String exchange, String routingKey) implements ContentMethod {
        public static final int ID = CLASS | 50;

        public Return {
            Limits.range("replyCode", replyCode, 0, 0xffff);
        }

        static Return read(AmqpReader in) {
            return new Return(in.u16(), in.shortString(), in.shortString(), in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(replyCode)
                    .shortString("replyText", replyText)
                    .shortString("exchange", exchange)
                    .shortString("routingKey", routingKey);
        }
    }

    /** {@code 60.60} */
    record Deliver(String consumerTag, long deliveryTag, boolean redelivered, String exchange, String routingKey)
            implements ContentMethod {
        public static final int ID = CLASS | 60;

        static Deliver read(AmqpReader in) {
            return new Deliver(in.shortString(), in.u64(), in.bit(), in.shortString(), in.shortString());
        }

        @Override
        public void write(AmqpWriter out) {
            out.shortString("consumerTag", consumerTag)
                    .u64(deliveryTag)
                    .bit(redelivered)
                    .shortString("exchange", exchange)
                    .shortString("routingKey", routingKey);
        }
    }

    /** {@code 60.71}: the answer to {@link BasicMethod.Get}. */
    record GetOk(long deliveryTag, boolean redelivered, String exchange, String routingKey, long messageCount)
            implements ContentMethod {
        public static final int ID = CLASS | 71;

        public GetOk {
            Limits.range("messageCount", messageCount, 0, 0xffff_ffffL);
        }

        static GetOk read(AmqpReader in) {
            return new GetOk(in.u64(), in.bit(), in.shortString(), in.shortString(), in.u32());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u64(deliveryTag)
                    .bit(redelivered)
                    .shortString("exchange", exchange)
                    .shortString("routingKey", routingKey)
                    .u32(messageCount);
        }
    }
}
