package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import dev.polywire.testing.StatesOnPage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The diagrams and the tables of {@code docs/amqp.md} are those of the transition tables. */
class AmqpPageTest {

    @Test
    void connection() {
        StatesOnPage<ConnectionState, ConnectionTransitions.Input> states = new StatesOnPage<>(
                List.of(ConnectionState.values()),
                List.of(ConnectionTransitions.Input.values()),
                ConnectionTransitions::next,
                Set.of(ConnectionTransitions.Input.PEER_CLOSED, ConnectionTransitions.Input.VIOLATION));
        requireInPage(states.diagram(
                "diagram: connection", List.of("[*] --> CONNECTED", "CLOSED --> [*]", "FAILED --> [*]")));
        requireInPage(states.table());
    }

    @Test
    void channel() {
        StatesOnPage<ChannelState, ChannelTransitions.Input> states = new StatesOnPage<>(
                List.of(ChannelState.values()),
                List.of(ChannelTransitions.Input.values()),
                ChannelTransitions::next,
                Set.of());
        requireInPage(states.diagram("diagram: channel", List.of("[*] --> OPENING", "CLOSED --> [*]")));
        requireInPage(states.table());
    }

    private static void requireInPage(String drawn) {
        String page = String.join("\n", Readme.lines("docs/amqp.md"));
        assertTrue(page.contains(drawn), () -> "docs/amqp.md lacks:\n" + drawn);
    }
}
