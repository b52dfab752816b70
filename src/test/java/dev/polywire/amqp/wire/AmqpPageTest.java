package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The diagrams and the tables of {@code docs/amqp.md} are those of the transition tables. */
class AmqpPageTest {

    private static final Set<Object> FROM_EVERYWHERE =
            Set.of(ConnectionTransitions.Input.PEER_CLOSED, ConnectionTransitions.Input.VIOLATION);

    @Test
    void connection() {
        requireInPage(drawn(
                "diagram: connection",
                List.of(ConnectionState.values()),
                List.of(ConnectionTransitions.Input.values()),
                ConnectionTransitions::next,
                List.of("[*] --> CONNECTED", "CLOSED --> [*]", "FAILED --> [*]")));
        requireInPage(table(
                List.of(ConnectionState.values()),
                List.of(ConnectionTransitions.Input.values()),
                ConnectionTransitions::next));
    }

    @Test
    void channel() {
        requireInPage(drawn(
                "diagram: channel",
                List.of(ChannelState.values()),
                List.of(ChannelTransitions.Input.values()),
                ChannelTransitions::next,
                List.of("[*] --> OPENING", "CLOSED --> [*]")));
        requireInPage(table(
                List.of(ChannelState.values()), List.of(ChannelTransitions.Input.values()), ChannelTransitions::next));
    }

    private static <S, I> String drawn(
            String marker, List<S> states, List<I> inputs, BiFunction<S, I, S> next, List<String> beginningAndEnds) {
        String head = "<!-- " + marker + " -->\n```mermaid\nstateDiagram-v2\n    ";
        StringJoiner drawn = new StringJoiner("\n    ", head, "\n```\n");
        drawn.add(beginningAndEnds.get(0));
        grouped(states, inputs, next).forEach((arrow, what) -> {
            List<I> shown = what.stream()
                    .filter(each -> !FROM_EVERYWHERE.contains(each))
                    .toList();
            if (!arrow.get(0).equals(arrow.get(1)) && !shown.isEmpty()) {
                drawn.add(arrow.get(0) + " --> " + arrow.get(1) + ": " + listed(shown));
            }
        });
        beginningAndEnds.subList(1, beginningAndEnds.size()).forEach(drawn::add);
        return drawn.toString();
    }

    private static <S, I> String table(List<S> states, List<I> inputs, BiFunction<S, I, S> next) {
        StringBuilder table = new StringBuilder("| in | what happens | then |\n|---|---|---|\n");
        grouped(states, inputs, next)
                .forEach((arrow, what) -> table.append("| ")
                        .append(arrow.get(0))
                        .append(" | ")
                        .append(listed(what))
                        .append(" | ")
                        .append(arrow.get(1))
                        .append(" |\n"));
        return table.toString();
    }

    private static <S, I> Map<List<S>, List<I>> grouped(List<S> states, List<I> inputs, BiFunction<S, I, S> next) {
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

    private static void requireInPage(String drawn) {
        assertTrue(page().contains(drawn), () -> "docs/amqp.md lacks:\n" + drawn);
    }

    private static String page() {
        try {
            return Files.readString(Path.of(System.getProperty("polywire.basedir", "."), "docs/amqp.md"));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }
}
