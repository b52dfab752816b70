package dev.polywire.bench;

import dev.polywire.bench.Workload.Figure;
import dev.polywire.bench.Workload.Target;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs workloads and prints a table of medians and ratios: {@code Bench [NAME ...]}, a name being the begin of a workload's.
 * Warm-up rounds first, then rounds in turns, so that whatever the machine does meets both contenders.
 */
final class Bench {

    private static final int WARM_UP_ROUNDS = 4;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);

    private Bench() {}

    public static void main(String[] names) throws IOException {
        System.out.println("| workload | figure | ours | spread | other | spread | ratio | wanted |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (Workload each : Workloads.all()) {
            if (chosen(each.name(), names)) {
                run(each);
            }
        }
        if (chosen(IdleConnections.NAME, names)) {
            IdleConnections.run();
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
                    Jvm other = contender(workload.other(), port)) {
                Figures our = new Figures();
                Figures others = new Figures();
                for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
                    round(workload, ours, i < 0 ? null : our);
                    round(workload, other, i < 0 ? null : others);
                }
                report(workload, our, others);
            }
        }
    }

    private static Jvm contender(Class<? extends Load> load, int port) throws IOException {
        String options = System.getProperty("bench.jvm", "");
        Jvm jvm = new Jvm(
                options.isEmpty()
                        ? List.of()
                        : List.of(options.replace("%l", load.getName().replaceAll(".*\\.", ""))
                                .split(" ")),
                Contender.class,
                load.getName(),
                Integer.toString(port));
        jvm.answer();
        return jvm;
    }

    private static void round(Workload workload, Jvm contender, @Nullable Figures figures) throws IOException {
        long cpuNanos = contender.cpuNanos();
        JsonObject round = contender.ask(workload.operations() + " " + workload.inFlight());
        if (figures != null) {
            figures.add(round, contender.cpuNanos() - cpuNanos, workload.operations());
        }
    }

    private static void report(Workload workload, Figures our, Figures others) {
        for (Figure figure : Figure.values()) {
            double other = others.median(figure);
            if (other == 0) {
                continue;
            }
            double ratio = our.median(figure) / other;
            String wanted = workload.targets().stream()
                    .filter(target -> target.figure() == figure)
                    .map(target -> verdict(target, ratio))
                    .findFirst()
                    .orElse("");
            row(
                    workload.name(),
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
                "| %s | %s | %,.1f | %.0f %% | %,.1f | %.0f %% | %.2f | %s |%n",
                workload,
                unit,
                our,
                ourSpread,
                other,
                otherSpread,
                ratio,
                wanted);
    }
}
