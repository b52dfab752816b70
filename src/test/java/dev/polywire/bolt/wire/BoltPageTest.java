package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltTransitions.Outcome;
import dev.polywire.bolt.wire.BoltTransitions.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The diagram and the table of {@code docs/bolt.md} are those of {@link BoltTransitions}. */
class BoltPageTest {

    private static final String PAGE = page();

    @Test
    void diagram() {
        Map<String, TreeSet<String>> arrows = new LinkedHashMap<>();
        versions().forEach((row, spoken) -> {
            if (row.message() != BoltMessage.RESET && row.message() != BoltMessage.GOODBYE && row.from() != row.to()) {
                String asked = row.message() + (row.outcome() == Outcome.FAILURE ? " failed" : "") + since(spoken);
                arrows.computeIfAbsent(row.from() + " --> " + row.to(), arrow -> new TreeSet<>())
                        .add(asked);
            }
        });
        String drawn = arrows.entrySet().stream()
                .map(arrow -> "    " + arrow.getKey() + ": " + String.join(", ", arrow.getValue()))
                .collect(Collectors.joining("\n"));
        requireInPage("<!-- " + "diagram: connection" + " -->\n"
                + "```mermaid\nstateDiagram-v2\n    [*] --> NEGOTIATION\n" + drawn + "\n    DEFUNCT --> [*]\n```\n");
    }

    @Test
    void table() {
        Map<List<Object>, TreeSet<BoltMessage>> rows = new LinkedHashMap<>();
        versions()
                .forEach((row, spoken) -> rows.computeIfAbsent(
                                List.of(row.from(), row.outcome(), row.to(), range(spoken)), line -> new TreeSet<>())
                        .add(row.message()));
        requireInPage("| in | request | outcome | then | versions |\n|---|---|---|---|---|\n"
                + rows.entrySet().stream()
                        .map(row -> line(row.getKey(), row.getValue()))
                        .collect(Collectors.joining()));
    }

    private static String line(List<Object> row, TreeSet<BoltMessage> asked) {
        String messages = asked.stream().map(BoltMessage::name).collect(Collectors.joining(", "));
        return "| " + row.get(0) + " | " + messages + " | " + row.get(1) + " | " + row.get(2) + " | " + row.get(3)
                + " |\n";
    }

    /** Each row of the table, with the versions that have it. */
    private static Map<Transition, List<BoltVersion>> versions() {
        Map<Transition, List<BoltVersion>> all = BoltVersion.ALL.stream()
                .flatMap(version -> BoltTransitions.of(version).all().stream().map(row -> Map.entry(row, version)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        Map<Transition, List<BoltVersion>> ordered = new TreeMap<>(Comparator.comparing(Transition::from)
                .thenComparing(Transition::message)
                .thenComparing(Transition::outcome)
                .thenComparing(Transition::to));
        ordered.putAll(all);
        return ordered;
    }

    private static String range(List<BoltVersion> spoken) {
        BoltVersion last = BoltVersion.ALL.get(BoltVersion.ALL.size() - 1);
        BoltVersion from = spoken.get(0);
        BoltVersion to = spoken.get(spoken.size() - 1);
        if (from.equals(BoltVersion.V1) && to.equals(last)) {
            return "all";
        }
        return to.equals(last) ? from + " on" : from + " to " + to;
    }

    private static String since(List<BoltVersion> spoken) {
        String range = range(spoken);
        return range.equals("all") ? "" : " (" + range + ")";
    }

    private static void requireInPage(String drawn) {
        assertTrue(PAGE.contains(drawn), () -> "docs/bolt.md lacks:\n" + drawn);
    }

    private static String page() {
        try {
            return Files.readString(Path.of(System.getProperty("polywire.basedir", "."), "docs/bolt.md"));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }
}
