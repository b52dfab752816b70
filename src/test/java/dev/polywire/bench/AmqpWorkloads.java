package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.ALLOCATED;
import static dev.polywire.bench.Workload.Figure.CPU;
import static dev.polywire.bench.Workload.Figure.THROUGHPUT;

import dev.polywire.bench.Workload.Target;
import java.util.List;

/** AMQP: messages of 1 KiB, beside RabbitMQ's own client and the one of Vert.x. */
final class AmqpWorkloads {

    private static final int IN_FLIGHT = 1_000;
    private static final int SCRIPTED = 200_000;
    /** Of what takes another one long. */
    private static final int FEWER = 50_000;

    static final List<Workload> ALL = List.of(
            official(
                    "amqp publish",
                    AmqpServer.class,
                    AmqpLoad.Publishing.class,
                    OfficialAmqpLoad.Publishing.class,
                    SCRIPTED),
            official(
                    "amqp consume",
                    AmqpServer.class,
                    AmqpLoad.Consuming.class,
                    OfficialAmqpLoad.Consuming.class,
                    SCRIPTED),
            vertx(
                    "amqp publish, Vert.x",
                    AmqpServer.class,
                    AmqpLoad.Publishing.class,
                    VertxRabbitLoad.Publishing.class,
                    FEWER),
            vertx(
                    "amqp consume, Vert.x",
                    AmqpServer.class,
                    AmqpLoad.Consuming.class,
                    VertxRabbitLoad.Consuming.class,
                    SCRIPTED),
            official(
                    "rabbitmq publish",
                    RabbitServer.class,
                    AmqpLoad.Publishing.class,
                    OfficialAmqpLoad.Publishing.class,
                    FEWER),
            official(
                    "rabbitmq consume",
                    RabbitServer.class,
                    AmqpLoad.Consuming.class,
                    OfficialAmqpLoad.Consuming.class,
                    RabbitServer.STORED),
            vertx(
                    "rabbitmq publish, Vert.x",
                    RabbitServer.class,
                    AmqpLoad.Publishing.class,
                    VertxRabbitLoad.Publishing.class,
                    FEWER),
            vertx(
                    "rabbitmq consume, Vert.x",
                    RabbitServer.class,
                    AmqpLoad.Consuming.class,
                    VertxRabbitLoad.Consuming.class,
                    RabbitServer.STORED));

    private AmqpWorkloads() {}

    private static Workload official(
            String name,
            Class<? extends Server> server,
            Class<? extends Load> ours,
            Class<? extends Load> other,
            int operations) {
        List<Target> targets = List.of(throughput(server), new Target(CPU, 0.67), new Target(ALLOCATED, 0.6));
        return new Workload(name, server, ours, other, operations, IN_FLIGHT, targets);
    }

    private static Workload vertx(
            String name,
            Class<? extends Server> server,
            Class<? extends Load> ours,
            Class<? extends Load> other,
            int operations) {
        List<Target> targets = List.of(throughput(server), new Target(CPU, 0.5));
        return new Workload(name, server, ours, other, operations, IN_FLIGHT, targets);
    }

    /** A real broker is slower than any of its clients. */
    private static Target throughput(Class<? extends Server> server) {
        return new Target(THROUGHPUT, server == RabbitServer.class ? 0.95 : 1.5);
    }
}
