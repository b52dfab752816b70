package dev.polywire.bench;

import dev.polywire.bench.Workload.Figure;
import dev.polywire.bench.Workload.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads of ours and programs of others', in turns at one server, each in a JVM of its own. Each of ours is reported beside each of the
 * others; the targets are about the fastest of those.
 *
 * @param fast what tells which is the fastest: THROUGHPUT, or a time
 */
record Contestants(
        String name, Class<? extends Server> server, List<Contestant> ours, List<Contestant> others, Figure fast) {

    /** @param targets of one of ours */
    record Contestant(String label, Bench.Rounds rounds, List<Target> targets) {}

    void run() throws IOException {
        List<Contestant> all = new ArrayList<>(ours);
        all.addAll(others);
        List<Jvm> started = new ArrayList<>();
        try (Jvm listening = new Jvm(List.of(), Server.class, server.getName())) {
            int port = listening.answer().getInteger("port");
            for (Contestant each : all) {
                started.add(each.rounds.contender().start(port));
            }
            report(rounds(all, started));
        } finally {
            started.forEach(Jvm::close);
        }
    }

    private static List<Figures> rounds(List<Contestant> all, List<Jvm> started) throws IOException {
        List<Figures> figures = all.stream().map(each -> new Figures()).toList();
        for (int i = -Bench.WARM_UP_ROUNDS; i < Bench.ROUNDS; i++) {
            for (int j = 0; j < all.size(); j++) {
                Bench.Rounds rounds = all.get(j).rounds;
                Bench.round(started.get(j), rounds.order(), rounds.operations(), i < 0 ? null : figures.get(j));
            }
        }
        return figures;
    }

    private void report(List<Figures> figures) {
        List<Figures> theirs = figures.subList(ours.size(), figures.size());
        int fastest = fastest(theirs);
        for (int i = 0; i < ours.size(); i++) {
            for (int j = 0; j < others.size(); j++) {
                String row = name + ours.get(i).label + ", beside " + others.get(j).label;
                Bench.report(row, j == fastest ? ours.get(i).targets : List.of(), figures.get(i), theirs.get(j));
            }
        }
    }

    private int fastest(List<Figures> theirs) {
        int fastest = 0;
        for (int i = 1; i < theirs.size(); i++) {
            double ratio = theirs.get(i).median(fast) / theirs.get(fastest).median(fast);
            if (fast == Figure.THROUGHPUT ? ratio > 1 : ratio < 1) {
                fastest = i;
            }
        }
        return fastest;
    }
}
