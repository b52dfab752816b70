package dev.polywire.amqp.broker;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the broker of this run: {@code @ExtendWith(Brokers.class)}, and a parameter of type {@link Broker}. With
 * {@code -Drabbitmq=/usr/lib/rabbitmq} it is a RabbitMQ, whose tests may ask for a {@link RabbitBroker}, else Qpid. It is
 * started when the first test asks, once for all, and is stopped with this JVM.
 */
public final class Brokers implements ParameterResolver {

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** The one for all tests. */
    private static final class Chosen {
        static final Broker BROKER = choose();
    }

    /** The broker of this run, up. */
    public static Broker chosen() {
        Chosen.BROKER.start();
        return Chosen.BROKER;
    }

    static String unique(String what) {
        return what + "-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return Broker.class.isAssignableFrom(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return chosen();
    }

    private static Broker choose() {
        String home = System.getProperty("rabbitmq");
        if (home == null) {
            return new QpidBroker();
        }
        RabbitBroker rabbit = new RabbitBroker(Path.of(home));
        Runtime.getRuntime().addShutdownHook(new Thread(rabbit::end, "RabbitMQ's end"));
        return rabbit;
    }
}
