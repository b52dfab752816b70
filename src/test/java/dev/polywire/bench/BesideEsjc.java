package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.ALLOCATED;
import static dev.polywire.bench.Workload.Figure.CPU;
import static dev.polywire.bench.Workload.Figure.P50;
import static dev.polywire.bench.Workload.Figure.THROUGHPUT;

import dev.polywire.bench.Workload.Target;
import java.io.IOException;
import java.util.List;

/**
 * Our EventStore client beside esjc, which has a class path of its own, at one {@link ScriptedStore}. An operation is one event.
 *
 * @param operations of one round
 * @param inFlight at a time; with 1 the time of each is kept
 * @param order what a round is called in {@code EsjcLoad}
 */
record BesideEsjc(
        String name, Class<? extends Load> load, int operations, int inFlight, String order, List<Target> targets) {

    private static final List<Target> HALF =
            List.of(new Target(THROUGHPUT, 1.0), new Target(CPU, 0.5), new Target(ALLOCATED, 0.4));
    private static final int APPENDS = 50_000;
    private static final int ONE_BY_ONE = 5_000;
    private static final int SLICES = 100;

    static final List<BesideEsjc> ALL = List.of(
            new BesideEsjc(
                    "eventstore client append of 1 KiB, 500 in flight",
                    EventStoreLoad.Appending.class,
                    APPENDS,
                    500,
                    "chained " + APPENDS + " 500",
                    HALF),
            new BesideEsjc(
                    "eventstore client append of 1 KiB, 1 in flight",
                    EventStoreLoad.Appending.class,
                    ONE_BY_ONE,
                    1,
                    "chained " + ONE_BY_ONE + " 1",
                    List.of(new Target(P50, 1.05))),
            new BesideEsjc(
                    "eventstore client slices of 4,096 events",
                    EventStoreLoad.Slices.class,
                    SLICES * EventStoreLoad.SLICE_EVENTS,
                    EventStoreLoad.SLICES_IN_FLIGHT,
                    "slices " + SLICES + " " + EventStoreLoad.SLICES_IN_FLIGHT,
                    HALF),
            new BesideEsjc(
                    "eventstore client catch-up over 100,000 events",
                    EventStoreLoad.CatchingUp.class,
                    ScriptedEvents.EVENTS,
                    ScriptedEvents.EVENTS,
                    "catchUp " + ScriptedEvents.EVENTS,
                    HALF));

    void run() throws IOException {
        Bench.beside(
                name,
                targets,
                ScriptedStore.class,
                new Bench.Rounds(port -> Bench.contender(load, port), operations + " " + inFlight, operations),
                new Bench.Rounds(Stores::esjc, order, operations));
    }
}
