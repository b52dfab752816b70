package dev.polywire.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiFunction;

/**
 * A transition table as a page shows it.
 *
 * @param next null: not allowed
 * @param fromEverywhere inputs that the diagram omits; the table has them
 */
public record StatesOnPage<S, I>(List<S> states, List<I> inputs, BiFunction<S, I, S> next, Set<I> fromEverywhere) {

    /** @param beginningAndEnds the arrow from the beginning, then those to the end */
    public String diagram(String marker, List<String> beginningAndEnds) {
        String head = "<!-- " + marker + " -->\n```mermaid\nstateDiagram-v2\n    ";
        StringJoiner drawn = new StringJoiner("\n    ", head, "\n```\n");
        drawn.add(beginningAndEnds.get(0));
        grouped().forEach((arrow, what) -> {
            List<I> shown =
                    what.stream().filter(each -> !fromEverywhere.contains(each)).toList();
            if (!arrow.get(0).equals(arrow.get(1)) && !shown.isEmpty()) {
                drawn.add(arrow.get(0) + " --> " + arrow.get(1) + ": " + listed(shown));
            }
        });
        beginningAndEnds.subList(1, beginningAndEnds.size()).forEach(drawn::add);
        return drawn.toString();
    }

    public String table() {
        StringBuilder table = new StringBuilder("| in | what happens | then |\n|---|---|---|\n");
        grouped()
                .forEach((arrow, what) -> table.append("| ")
                        .append(arrow.get(0))
                        .append(" | ")
                        .append(listed(what))
                        .append(" | ")
                        .append(arrow.get(1))
                        .append(" |\n"));
        return table.toString();
    }

    private Map<List<S>, List<I>> grouped() {
        Map<List<S>, List<I>> grouped = new LinkedHashMap<>();
        for (S from : states) {
            for (I input : inputs) {
                S to = next.apply(from, input);
                if (to != null) {
                    grouped.computeIfAbsent(List.of(from, to), arrow -> new ArrayList<>())
                            .add(input);
                }
            }
        }
        return grouped;
    }

    private static String listed(List<?> inputs) {
        StringJoiner listed = new StringJoiner(", ");
        inputs.forEach(each -> listed.add(each.toString()));
        return listed.toString();
    }
}
