package dev.polywire.bench;

import dev.polywire.bench.Workload.Figure;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * How long pings of a connector take beside a query of 10 s and a cursor that waits, and beside nothing, and that 99 of 100 take less than 50 ms.
 *
 * @param operations of a round, which should be as long as the query, so that each has the begin of one
 * @param inFlight at a time
 */
record PingsBesideSlow(String name, int operations, int inFlight) {

    static final List<PingsBesideSlow> ALL = List.of(
            new PingsBesideSlow("mongodb ping beside what is slow, 1 in flight", 200_000, 1),
            new PingsBesideSlow("mongodb ping beside what is slow, 64 in flight", 1_000_000, 64));

    private static final double MOST_MICROS = 50_000;
    private static final int PART = 10;

    void run() throws IOException {
        try (Jvm server = new Jvm(List.of(), Server.class, SlowServer.class.getName())) {
            int port = server.answer().getInteger("port");
            try (Jvm beside = Bench.contender(PingBesideSlow.class, port);
                    Jvm alone = Bench.contender(PingBesideSlow.Alone.class, port)) {
                for (int i = 0; i < Bench.WARM_UP_ROUNDS; i++) {
                    beside.ask(order(operations / PART));
                    alone.ask(order(operations / PART));
                }
                measure(beside, alone);
            }
        }
    }

    private void measure(Jvm beside, Jvm alone) throws IOException {
        Figures besides = new Figures();
        Figures alones = new Figures();
        long longestNanos = 0;
        for (int i = 0; i < Bench.ROUNDS; i++) {
            long cpuNanos = beside.cpuNanos();
            JsonObject round = beside.ask(order(operations));
            besides.add(round, beside.cpuNanos() - cpuNanos, operations);
            longestNanos = Math.max(longestNanos, round.getLong("longestNanos"));
            Bench.round(alone, order(operations / PART), operations / PART, alones);
        }
        Bench.report(name, List.of(), besides, alones);
        double micros = besides.median(Figure.P99);
        System.out.printf(
                Locale.ROOT,
                "| %s | p99, longest of all, in µs | %,.0f, %,d | | | | | < %,.0f%s |%n",
                name,
                micros,
                longestNanos / 1_000,
                MOST_MICROS,
                micros < MOST_MICROS ? "" : " **missed**");
    }

    private String order(int count) {
        return count + " " + inFlight;
    }
}
