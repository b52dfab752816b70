package dev.polywire.amqp.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Class 40, {@code exchange} (AMQP 0-9-1, 1.6), with RabbitMQ's bindings between exchanges.
 */
public sealed interface ExchangeMethod extends AmqpMethod {

    int CLASS = 40 << 16;

    /** The method with this number; null: this class has none. */
    static @Nullable ExchangeMethod read(int id, AmqpReader in) {
        return switch (id) {
            case Declare.ID -> Declare.read(in);
            case DeclareOk.ID -> new DeclareOk();
            case Delete.ID -> Delete.read(in);
            case DeleteOk.ID -> new DeleteOk();
            case Bind.ID -> Bind.read(in);
            case BindOk.ID -> new BindOk();
            case Unbind.ID -> Unbind.read(in);
            case UnbindOk.ID -> new UnbindOk();
            default -> null;
        };
    }

    /** {@code 40.10} */
    record Declare(
            String exchange,
            String type,
            boolean passive,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            boolean noWait,
            Map<String, @Nullable Object> arguments)
            implements ExchangeMethod, SynchronousMethod {
        public static final int ID = CLASS | 10;

        static Declare read(AmqpReader in) {
            in.u16();
            return new Declare(
                    in.shortString(), in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("exchange", exchange)
                    .shortString("type", type)
                    .bit(passive)
                    .bit(durable)
                    .bit(autoDelete)
                    .bit(internal)
                    .bit(noWait)
                    .table(arguments);
        }
    }

    /** {@code 40.11} */
    record DeclareOk() implements ExchangeMethod {
        public static final int ID = CLASS | 11;
    }

    /** {@code 40.20} */
    record Delete(String exchange, boolean ifUnused, boolean noWait) implements ExchangeMethod, SynchronousMethod {
        public static final int ID = CLASS | 20;

        static Delete read(AmqpReader in) {
            in.u16();
            return new Delete(in.shortString(), in.bit(), in.bit());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0).shortString("exchange", exchange).bit(ifUnused).bit(noWait);
        }
    }

    /** {@code 40.21} */
    record DeleteOk() implements ExchangeMethod {
        public static final int ID = CLASS | 21;
    }

    /** {@code 40.30}: from now on {@code source} routes matching messages to {@code destination} (RabbitMQ). */
    record Bind(
            String destination,
            String source,
            String routingKey,
            boolean noWait,
            Map<String, @Nullable Object> arguments)
            implements ExchangeMethod, SynchronousMethod {
        public static final int ID = CLASS | 30;

        static Bind read(AmqpReader in) {
            in.u16();
            return new Bind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("destination", destination)
                    .shortString("source", source)
                    .shortString("routingKey", routingKey)
                    .bit(noWait)
                    .table(arguments);
        }
    }

    /** {@code 40.31} (RabbitMQ) */
    record BindOk() implements ExchangeMethod {
        public static final int ID = CLASS | 31;
    }

    /** {@code 40.40} (RabbitMQ) */
    record Unbind(
            String destination,
            String source,
            String routingKey,
            boolean noWait,
            Map<String, @Nullable Object> arguments)
            implements ExchangeMethod, SynchronousMethod {
        public static final int ID = CLASS | 40;

        static Unbind read(AmqpReader in) {
            in.u16();
            return new Unbind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
        }

        @Override
        public void write(AmqpWriter out) {
            out.u16(0)
                    .shortString("destination", destination)
                    .shortString("source", source)
                    .shortString("routingKey", routingKey)
                    .bit(noWait)
                    .table(arguments);
        }

        @Override
        public boolean isAnsweredBy(AmqpMethod reply) {
            return reply.id() == UnbindOk.ID;
        }
    }

    /** {@code 40.51}, the only answer whose number does not follow that of its request (RabbitMQ). */
    record UnbindOk() implements ExchangeMethod {
        public static final int ID = CLASS | 51;
    }
}
