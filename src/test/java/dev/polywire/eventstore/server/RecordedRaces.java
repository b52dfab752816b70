package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Recordings in which threads of the real server have raced, with what is compared instead of the winner's order. */
final class RecordedRaces {

    private static final Map<String, UnaryOperator<List<Transcript.Line>>> RACES = Map.of(
            // The reader complained about the second package before another thread had answered the first one.
            "5.0.11/length-17-after-ping",
            lines -> List.of(lines.get(0), lines.get(2), lines.get(1), lines.get(3)),
            // Of six scavenges at once the first was over before the second was asked for, and the second was not;
            // ScavengesTest
            // has all six at one moment.
            "5.0.11/scavenge",
            lines -> lines.subList(0, 6),
            // It ends before the event came that the last acknowledgement has made room for.
            "5.0.11/ps-ack-unknown",
            lines -> lines.subList(0, lines.size() - 1),
            // The answer to the HTTP request came after what it caused.
            "5.0.11/ps-nak-replay-parked",
            lines -> swapped(lines, 8),
            // It has the groups of all scenarios before it; PersistentSubscriptionsTest has the text of one.
            "5.0.11/ps-config-stream",
            lines -> lines.subList(0, 2),
            // Such a group has broken all others on the real server; that ours does not copy, and says Dropped here.
            "5.0.11/ps-create-negative-live-buffer",
            lines -> lines.subList(0, 11));

    private RecordedRaces() {}

    /** With a line and the next one in each other's place. */
    private static List<Transcript.Line> swapped(List<Transcript.Line> lines, int at) {
        lines.add(at, lines.remove(at + 1));
        return lines;
    }

    static Transcript without(Transcript recording) {
        return new Transcript(
                recording.name(),
                recording.heading(),
                RACES.getOrDefault(recording.name(), lines -> lines).apply(new ArrayList<>(recording.lines())));
    }
}
