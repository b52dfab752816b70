package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.CPU;

import dev.polywire.bench.Workload.Target;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;

/**
 * What our Bolt server costs beside the official driver that asks it, and with its handler on the bus beside one of its own:
 * a server and a driver for each of the two, in JVMs of their own.
 *
 * @param operations of one round
 * @param inFlight at a time
 * @param each what one operation counts as
 */
record Serving(String name, Class<? extends Load> load, int operations, int inFlight, int each) {

    static final List<Serving> ALL = List.of(
            new Serving("bolt served queries, 32 sessions", DriverLoad.Echo.class, 40_000, BoltLoad.SESSIONS, 1),
            new Serving("bolt served rows", DriverLoad.Results.class, 30, 1, DriverLoad.Results.ROWS));

    private static final List<Target> BESIDE_THE_DRIVER = List.of(new Target(CPU, 0.5));
    private static final List<Target> BESIDE_NO_BUS = List.of(new Target(CPU, 2.0));

    private record Pair(Jvm server, Jvm driver, Figures servers, Figures drivers) implements AutoCloseable {

        static Pair of(Class<? extends Server> server, Class<? extends Load> load) throws IOException {
            Jvm listening = new Jvm(Bench.options(server), Server.class, server.getName());
            return new Pair(
                    listening,
                    Bench.contender(load, listening.answer().getInteger("port")),
                    new Figures(),
                    new Figures());
        }

        @Override
        public void close() {
            driver.close();
            server.close();
        }
    }

    void run() throws IOException {
        try (Pair direct = Pair.of(BoltRows.Direct.class, load);
                Pair onBus = Pair.of(BoltRows.OnBus.class, load)) {
            for (int i = -Bench.WARM_UP_ROUNDS; i < Bench.ROUNDS; i++) {
                round(direct, i >= 0);
                round(onBus, i >= 0);
            }
            Bench.report(name + ", beside the driver", BESIDE_THE_DRIVER, direct.servers, direct.drivers);
            Bench.report(name + ", on the bus beside no bus", BESIDE_NO_BUS, onBus.servers, direct.servers);
        }
    }

    private void round(Pair pair, boolean counts) throws IOException {
        long serverNanos = pair.server.cpuNanos();
        long driverNanos = pair.driver.cpuNanos();
        long bytes = allocatedBytes(pair.server);
        JsonObject round = pair.driver.ask(operations + " " + inFlight);
        JsonObject served = round.copy().put("allocatedBytes", allocatedBytes(pair.server) - bytes);
        if (counts) {
            pair.drivers.add(round, pair.driver.cpuNanos() - driverNanos, operations * each);
            pair.servers.add(served, pair.server.cpuNanos() - serverNanos, operations * each);
        }
    }

    private static long allocatedBytes(Jvm server) throws IOException {
        return server.ask("allocated").getLong("bytes");
    }
}
