package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.CPU;
import static dev.polywire.bench.Workload.Figure.P50;
import static dev.polywire.bench.Workload.Figure.THROUGHPUT;

import dev.polywire.bench.Contestants.Contestant;
import dev.polywire.bench.Workload.Target;
import dev.polywire.testing.MongoDriver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds of one document, as JSON or what a client has instead of it, by our connector or client, MongoDB's driver with reactive streams,
 * and Vert.x's MongoDB client on such a driver, at one {@link FindServer}. Ours have more operations in a round, so that their CPU can be told.
 */
final class BesideMongoClients {

    /** Of the others: one connection for each find in flight, as drivers need it. */
    static final int POOL = 64;

    private static final int IN_FLIGHT = 64;
    private static final int OURS = 100_000;
    private static final int OTHERS = 20_000;
    private static final int ONE_BY_ONE = 10_000;

    static final List<Contestants> ALL = List.of(
            new Contestants(
                    "mongodb find on the bus, 64 in flight",
                    FindServer.class,
                    List.of(
                            ours(", pipeline 8", MongoFindOnBus.Pipelined.class, OURS, IN_FLIGHT, targets(5, 0.15)),
                            ours(", pipeline 1", MongoFindOnBus.OneEach.class, OURS, IN_FLIGHT, targets(1.8, 0.3))),
                    others(OTHERS, IN_FLIGHT),
                    THROUGHPUT),
            new Contestants(
                    "mongodb find by the client, 1 in flight",
                    FindServer.class,
                    List.of(ours("", MongoFindLoad.Json.class, ONE_BY_ONE, 1, List.of(new Target(P50, 0.75)))),
                    others(ONE_BY_ONE, 1),
                    P50));

    private BesideMongoClients() {}

    private static List<Target> targets(double throughput, double cpu) {
        return List.of(new Target(THROUGHPUT, throughput), new Target(CPU, cpu));
    }

    private static Contestant ours(
            String label, Class<? extends Load> load, int operations, int inFlight, List<Target> targets) {
        return contestant(label, port -> Bench.contender(load, port), operations, inFlight, targets);
    }

    private static List<Contestant> others(int operations, int inFlight) {
        return List.of(
                contestant(
                        "the reactive driver",
                        port -> BesideMongoDriver.driver(port, "document", "none"),
                        operations,
                        inFlight,
                        List.of()),
                contestant("Vert.x's client", BesideMongoClients::vertxClient, operations, inFlight, List.of()));
    }

    private static Contestant contestant(
            String label, ServedPair.Driver driver, int operations, int inFlight, List<Target> targets) {
        return new Contestant(label, new Bench.Rounds(driver, operations + " " + inFlight, operations), targets);
    }

    /** It is a load as ours are, and {@link Contender} and what it needs stand behind its own jars. */
    private static Jvm vertxClient(int port) throws IOException {
        Path ours = Path.of(new File(Contender.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getPath());
        Jvm client = new Jvm(
                MongoDriver.vertxClassPath(ours),
                Bench.options(BesideMongoClients.class),
                Contender.class,
                "dev.polywire.bench.VertxMongoLoad",
                Integer.toString(port));
        client.answer();
        return client;
    }
}
