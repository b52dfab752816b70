package dev.polywire.bench;

import static dev.polywire.bench.Workload.Figure.CPU;

import dev.polywire.bench.Workload.Target;
import dev.polywire.testing.Esjc;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What our EventStore costs, whose client is esjc in a JVM of its own. Each figure is the server's. */
enum Stores {
    /** Beside a script that answers the same bytes and reads no message, and beside one that reads and writes messages as ours does. */
    APPENDS("eventstore append of 256 bytes, 64 in flight") {
        @Override
        void run() throws IOException {
            try (ServedPair ours = pair(StoreInMemory.class, List.of());
                    ServedPair scripted = pair(ScriptedStore.class, List.of());
                    ServedPair nothing = pair(NothingKept.class, List.of())) {
                String order = "append " + APPENDS_A_ROUND + " 64";
                for (int i = -Bench.WARM_UP_ROUNDS; i < Bench.ROUNDS; i++) {
                    ours.round(order, APPENDS_A_ROUND, i >= 0);
                    scripted.round(order, APPENDS_A_ROUND, i >= 0);
                    nothing.round(order, APPENDS_A_ROUND, i >= 0);
                }
                Bench.report(label + ", beside a script", AT_MOST_TWICE, ours.servers(), scripted.servers());
                Bench.report(label + ", beside nothing kept", AT_MOST_TWICE, ours.servers(), nothing.servers());
            }
        }
    },
    ONE_STREAM("eventstore slice of 1,000,000 events in a stream") {
        @Override
        void run() throws IOException {
            full(1, "0 0 100", "0 " + (EVENTS - 100) + " 100");
        }
    },
    MANY_STREAMS("eventstore slice of 1,000,000 events in 10,000 streams") {
        @Override
        void run() throws IOException {
            full(10_000, "0 0 10", "9999 90 10");
        }
    };

    /** Of 600,000 or so that a store with the default bounds has room for: with {@code bench.warmup} and {@code bench.rounds} 29. */
    private static final int APPENDS_A_ROUND = 20_000;

    private static final int EVENTS = 1_000_000;
    private static final int SLICES_A_ROUND = 5_000;
    private static final long MOST_BYTES = 1L << 30;
    private static final List<Target> AT_MOST_TWICE = List.of(new Target(CPU, 2.0));
    private static final List<Target> NO_MORE = List.of(new Target(CPU, 1.2));

    final String label;

    Stores(String label) {
        this.label = label;
    }

    abstract void run() throws IOException;

    /** The last slice beside the first, of a stream and of $all, when the store is full. */
    void full(int streams, String first, String last) throws IOException {
        try (ServedPair store = pair(StoreInMemory.class, List.of("-Xmx1g"))) {
            store.driver().ask("fill " + EVENTS + " " + streams);
            long bytes = store.heapBytes();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | heap and direct bytes | %,d | | | | | <= %,d%s |%n",
                    label,
                    bytes,
                    MOST_BYTES,
                    bytes <= MOST_BYTES ? "" : " **missed**");
            beside(store, ", the last beside the first", "read " + last, "read " + first);
            beside(store, ", the last of $all beside the first", "all last 100", "all first 100");
        }
    }

    private void beside(ServedPair store, String what, String last, String first) throws IOException {
        Figures lasts = new Figures();
        Figures firsts = new Figures();
        for (int i = -Bench.WARM_UP_ROUNDS; i < Bench.ROUNDS; i++) {
            store.round(
                    last + " " + SLICES_A_ROUND + " 8", SLICES_A_ROUND, i < 0 ? new Figures() : lasts, new Figures());
            store.round(
                    first + " " + SLICES_A_ROUND + " 8", SLICES_A_ROUND, i < 0 ? new Figures() : firsts, new Figures());
        }
        Bench.report(label + what, NO_MORE, lasts, firsts);
    }

    private static ServedPair pair(Class<? extends Server> server, List<String> options) throws IOException {
        return ServedPair.of(server, options, Stores::esjc);
    }

    /** Connected. */
    static Jvm esjc(int port) throws IOException {
        Jvm esjc = new Jvm(Esjc.classPath(), List.of(), "EsjcLoad", Integer.toString(port));
        esjc.answer();
        return esjc;
    }
}
