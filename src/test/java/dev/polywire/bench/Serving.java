package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.CPU;

import dev.polywire.bench.Workload.Target;
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

    void run() throws IOException {
        try (ServedPair direct = pair(BoltRows.Direct.class);
                ServedPair onBus = pair(BoltRows.OnBus.class)) {
            for (int i = -Bench.WARM_UP_ROUNDS; i < Bench.ROUNDS; i++) {
                direct.round(order(), operations * each, i >= 0);
                onBus.round(order(), operations * each, i >= 0);
            }
            Bench.report(name + ", beside the driver", BESIDE_THE_DRIVER, direct.servers(), direct.drivers());
            Bench.report(name + ", on the bus beside no bus", BESIDE_NO_BUS, onBus.servers(), direct.servers());
        }
    }

    private ServedPair pair(Class<? extends Server> server) throws IOException {
        return ServedPair.of(server, List.of(), port -> Bench.contender(load, port));
    }

    private String order() {
        return operations + " " + inFlight;
    }
}
