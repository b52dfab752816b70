package dev.polywire.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two contenders that do the same against the same server.
 *
 * @param server in a JVM of its own; null: there is none
 * @param operations of one round
 * @param inFlight at a time; with 1 the time of each is kept
 * @param targets what the ratios of ours to the other's should be
 */
record Workload(
        String name,
        @Nullable Class<? extends Server> server,
        Class<? extends Load> ours,
        Class<? extends Load> other,
        int operations,
        int inFlight,
        List<Target> targets) {

    /** What is compared. */
    enum Figure {
        THROUGHPUT("operations/s"),
        CPU("CPU µs/operation"),
        /** Without the JVM's own threads, which compile and collect: exact where {@link #CPU} is not. */
        THREADS("µs of threads/operation"),
        ALLOCATED("bytes allocated/operation"),
        P50("p50 µs"),
        P99("p99 µs");

        final String unit;

        Figure(String unit) {
            this.unit = unit;
        }
    }

    /** @param limit at least this for THROUGHPUT, at most this for the others */
    record Target(Figure figure, double limit) {

        boolean met(double ratio) {
            return figure == Figure.THROUGHPUT ? ratio >= limit : ratio <= limit;
        }

        @Override
        public String toString() {
            return (figure == Figure.THROUGHPUT ? ">= " : "<= ") + limit;
        }
    }
}
