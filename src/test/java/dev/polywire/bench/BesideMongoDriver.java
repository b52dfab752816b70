package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.ALLOCATED;
import static dev.polywire.bench.Workload.Figure.CPU;

import dev.polywire.bench.Workload.Target;
import dev.polywire.testing.MongoDriver;
import java.io.IOException;
import java.util.List;

/**
 * Our MongoDB client on one connection beside MongoDB's driver with reactive streams and its pool, which has a class path of its own, at one
 * {@link FindServer}. A round of ours has more operations, so that its CPU can be told in hundredths of a second.
 *
 * @param kind of documents in {@code MongoDriverLoad}
 * @param compressor of both
 */
record BesideMongoDriver(
        String name, Class<? extends Load> load, String kind, String compressor, List<Target> targets) {

    private static final int OURS = 200_000;
    private static final int DRIVERS = 20_000;
    private static final int IN_FLIGHT = 64;

    private static final List<Target> RAW = List.of(new Target(CPU, 0.1), new Target(ALLOCATED, 0.15));
    private static final List<Target> JSON = List.of(new Target(CPU, 0.12), new Target(ALLOCATED, 0.25));

    static final List<BesideMongoDriver> ALL = List.of(
            new BesideMongoDriver("mongodb find, raw", MongoFindLoad.Raw.class, "raw", "none", RAW),
            new BesideMongoDriver(
                    "mongodb find, raw, beside runCommand", MongoFindLoad.Raw.class, "command", "none", List.of()),
            new BesideMongoDriver(
                    "mongodb find, JSON beside Document", MongoFindLoad.Json.class, "document", "none", JSON),
            new BesideMongoDriver(
                    "mongodb find, JSON beside JsonObject", MongoFindLoad.Json.class, "json", "none", JSON),
            compressed("zlib", MongoFindLoad.Zlib.class),
            compressed("snappy", MongoFindLoad.Snappy.class),
            compressed("zstd", MongoFindLoad.Zstd.class));

    private static BesideMongoDriver compressed(String compressor, Class<? extends Load> load) {
        return new BesideMongoDriver(
                "mongodb find, raw, " + compressor, load, "raw", compressor, List.of(new Target(CPU, 1.0)));
    }

    void run() throws IOException {
        Bench.beside(
                name,
                targets,
                FindServer.class,
                new Bench.Rounds(port -> Bench.contender(load, port), OURS + " " + IN_FLIGHT, OURS),
                new Bench.Rounds(port -> driver(port, kind, compressor), DRIVERS + " " + IN_FLIGHT, DRIVERS));
    }

    /** Connected. */
    static Jvm driver(int port, String kind, String compressor) throws IOException {
        Jvm driver = new Jvm(
                MongoDriver.classPath(),
                Bench.options(BesideMongoDriver.class),
                "MongoDriverLoad",
                Integer.toString(port),
                kind,
                compressor,
                Integer.toString(BesideMongoClients.POOL));
        driver.answer();
        return driver;
    }
}
