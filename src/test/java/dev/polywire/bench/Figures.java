package dev.polywire.bench;

import dev.polywire.bench.Workload.Figure;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the rounds of one contender gave. */
final class Figures {

    private final Map<Figure, List<Double>> rounds = new EnumMap<>(Figure.class);

    /** @param round as a {@link Contender} reports it */
    void add(JsonObject round, long cpuNanos, int operations) {
        put(Figure.THROUGHPUT, operations / (round.getLong("nanos") / 1e9));
        put(Figure.CPU, cpuNanos / 1e3 / operations);
        put(Figure.THREADS, round.getLong("threadNanos") / 1e3 / operations);
        put(Figure.ALLOCATED, round.getLong("allocatedBytes") / (double) operations);
        put(Figure.P50, round.getLong("p50Nanos") / 1e3);
        put(Figure.P99, round.getLong("p99Nanos") / 1e3);
    }

    double median(Figure figure) {
        List<Double> sorted = rounds.get(figure).stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** From the least to the greatest, in per cent of the median. */
    double spread(Figure figure) {
        double least = rounds.get(figure).stream().mapToDouble(d -> d).min().orElseThrow();
        double greatest = rounds.get(figure).stream().mapToDouble(d -> d).max().orElseThrow();
        return median(figure) == 0 ? 0 : (greatest - least) * 100 / median(figure);
    }

    private void put(Figure figure, double value) {
        rounds.computeIfAbsent(figure, f -> new ArrayList<>()).add(value);
    }
}
