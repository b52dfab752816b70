package dev.polywire.bench;

import dev.polywire.bench.Workload.Figure;
import dev.polywire.bench.Workload.Target;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs workloads and prints a table of medians and ratios: {@code Bench [NAME ...]}, a name being the begin of a workload's.
 * Warm-up rounds first, then rounds in turns, so that whatever the machine does meets both contenders.
 *
 * <p>With {@code -Dbench.other=CLASSES}, the main classes or the jar of another build, the other contender is our own load with
 * those: what a change has cost. Only loads of workloads are compared so, each once.
 */
final class Bench {

    static final int WARM_UP_ROUNDS = Integer.getInteger("bench.warmup", 4);
    static final int ROUNDS = Integer.getInteger("bench.rounds", 7);

    /** In front of our class path it is another build's; null: the workload's own other. */
    private static final @Nullable String OTHER =
            System.getProperty("bench.other", "").isEmpty() ? null : System.getProperty("bench.other");

    private Bench() {}

    public static void main(String[] names) throws IOException {
        System.out.println("| workload | figure | ours | spread | other | spread | ratio | wanted |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        Set<Class<?>> loads = new HashSet<>();
        for (Workload each : Workloads.all()) {
            if (chosen(each.name(), names) && (OTHER == null || loads.add(each.ours()))) {
                run(each);
            }
        }
        for (IdleConnections each : IdleConnections.ALL) {
            if (chosen(each.name(), names)) {
                each.run(OTHER);
            }
        }
        if (OTHER != null) {
            return;
        }
        for (Serving each : Serving.ALL) {
            if (chosen(each.name(), names)) {
                each.run();
            }
        }
        for (Stores each : Stores.values()) {
            if (chosen(each.label, names)) {
                each.run();
            }
        }
        for (BesideEsjc each : BesideEsjc.ALL) {
            if (chosen(each.name(), names)) {
                each.run();
            }
        }
        for (BesideMongoDriver each : BesideMongoDriver.ALL) {
            if (chosen(each.name(), names)) {
                each.run();
            }
        }
        for (PingsBesideSlow each : PingsBesideSlow.ALL) {
            if (chosen(each.name(), names)) {
                each.run();
            }
        }
        for (Contestants each : BesideMongoClients.ALL) {
            if (chosen(each.name(), names)) {
                each.run();
            }
        }
    }

    private static boolean chosen(String workload, String[] names) {
        return names.length == 0 || List.of(names).stream().anyMatch(workload::startsWith);
    }

    private static void run(Workload workload) throws IOException {
        try (Jvm server = workload.server() == null
                ? null
                : new Jvm(List.of(), Server.class, workload.server().getName())) {
            int port = server == null ? 0 : server.answer().getInteger("port");
            try (Jvm ours = contender(workload.ours(), port);
                    Jvm other = other(workload, port)) {
                Figures our = new Figures();
                Figures others = new Figures();
                for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
                    String order = workload.operations() + " " + workload.inFlight();
                    round(ours, order, workload.operations(), i < 0 ? null : our);
                    round(other, order, workload.operations(), i < 0 ? null : others);
                }
                report(workload.name(), OTHER == null ? workload.targets() : List.of(), our, others);
            }
        }
    }

    /** How a contender is started, and what a round of it is. @param operations that are in it */
    record Rounds(ServedPair.Driver contender, String order, int operations) {}

    /** A contender of ours beside one with a class path of its own, at one server. */
    static void beside(String name, List<Target> targets, Class<? extends Server> server, Rounds ours, Rounds other)
            throws IOException {
        try (Jvm listening = new Jvm(List.of(), Server.class, server.getName())) {
            int port = listening.answer().getInteger("port");
            try (Jvm our = ours.contender.start(port);
                    Jvm others = other.contender.start(port)) {
                Figures ourFigures = new Figures();
                Figures otherFigures = new Figures();
                for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
                    round(our, ours.order, ours.operations, i < 0 ? null : ourFigures);
                    round(others, other.order, other.operations, i < 0 ? null : otherFigures);
                }
                report(name, targets, ourFigures, otherFigures);
            }
        }
    }

    static Jvm contender(Class<? extends Load> load, int port) throws IOException {
        Jvm jvm = new Jvm(options(load), Contender.class, load.getName(), Integer.toString(port));
        jvm.answer();
        return jvm;
    }

    private static Jvm other(Workload workload, int port) throws IOException {
        if (OTHER == null) {
            return contender(workload.other(), port);
        }
        String classPath = OTHER + File.pathSeparator + System.getProperty("java.class.path");
        Class<? extends Load> load = workload.ours();
        Jvm jvm = new Jvm(classPath, options(load), Contender.class, load.getName(), Integer.toString(port));
        jvm.answer();
        return jvm;
    }

    /** Of the JVM of what is measured. */
    static List<String> options(Class<?> measured) {
        String options = System.getProperty("bench.jvm", "");
        return options.isEmpty()
                ? List.of()
                : List.of(options.replace("%l", measured.getSimpleName()).split(" "));
    }

    /** @param figures null: it is one to warm up */
    static void round(Jvm contender, String order, int operations, @Nullable Figures figures) throws IOException {
        long cpuNanos = contender.cpuNanos();
        JsonObject round = contender.ask(order);
        if (figures != null) {
            figures.add(round, contender.cpuNanos() - cpuNanos, operations);
        }
    }

    static void report(String workload, List<Target> targets, Figures our, Figures others) {
        for (Figure figure : Figure.values()) {
            double other = others.median(figure);
            if (other == 0) {
                continue;
            }
            double ratio = our.median(figure) / other;
            String wanted = targets.stream()
                    .filter(target -> target.figure() == figure)
                    .map(target -> verdict(target, ratio))
                    .findFirst()
                    .orElse("");
            row(
                    workload,
                    figure.unit,
                    our.median(figure),
                    our.spread(figure),
                    other,
                    others.spread(figure),
                    ratio,
                    wanted);
        }
    }

    private static String verdict(Target target, double ratio) {
        return target + (target.met(ratio) ? "" : " **missed**");
    }

    private static void row(
            String workload,
            String unit,
            double our,
            double ourSpread,
            double other,
            double otherSpread,
            double ratio,
            String wanted) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.0f %% | %s | %.0f %% | %.2f | %s |%n",
                workload,
                unit,
                number(our),
                ourSpread,
                number(other),
                otherSpread,
                ratio,
                wanted);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.1f", value);
    }
}
