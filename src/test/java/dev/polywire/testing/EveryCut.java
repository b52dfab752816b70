package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A conversation that is held once in full, and then cut behind each of its bytes, in both directions. The seed decides the
 * order, and whether a cut is a FIN or a reset; a failure names the cut.
 */
public final class EveryCut {

    /** Conversations at the same time. */
    private static final int AT_ONCE = 64;

    /** Asks and examines: what it returns fails when an outcome is not true. */
    @FunctionalInterface
    public interface Conversation {

        /** @param port where the server is to be reached. @param number of the conversation, from 0 */
        Future<?> hold(int port, int number);
    }

    private EveryCut() {}

    /** On the first connection. */
    public static void of(int server, long seed, Conversation conversation) {
        of(server, 1, seed, conversation);
    }

    /** @param connection the number of the one that is cut, if the client makes several; the first is 1 */
    public static void of(int server, int connection, long seed, Conversation conversation) {
        List<CuttingRelay.Cut> cuts = cuts(server, connection, new Random(seed), conversation);
        int made = 0;
        for (int from = 0; from < cuts.size(); from += AT_ONCE) {
            List<CuttingRelay.Cut> now = cuts.subList(from, Math.min(cuts.size(), from + AT_ONCE));
            List<CuttingRelay> relays =
                    now.stream().map(cut -> new CuttingRelay(server, cut)).toList();
            try {
                hold(now, relays, 1 + from, seed, conversation);
                made += (int) relays.stream().filter(CuttingRelay::hasCut).count();
            } finally {
                relays.forEach(CuttingRelay::close);
            }
        }
        assertTrue(made > cuts.size() * 9 / 10, made + " cuts of " + cuts.size());
    }

    private static void hold(
            List<CuttingRelay.Cut> cuts,
            List<CuttingRelay> relays,
            int firstNumber,
            long seed,
            Conversation conversation) {
        List<Future<?>> held = IntStream.range(0, cuts.size())
                .<Future<?>>mapToObj(i -> conversation.hold(relays.get(i).port(), firstNumber + i))
                .toList();
        for (int i = 0; i < cuts.size(); i++) {
            CuttingRelay.Cut cut = cuts.get(i);
            Outcome.value(held.get(i)
                    .recover(cause -> Future.failedFuture(new AssertionError(cut + " of seed " + seed, cause))));
        }
    }

    private static List<CuttingRelay.Cut> cuts(int server, int connection, Random random, Conversation conversation) {
        List<CuttingRelay.Cut> cuts = new ArrayList<>();
        try (CuttingRelay whole = CuttingRelay.counting(server, connection)) {
            Outcome.value(conversation.hold(whole.port(), 0));
            for (boolean ofServer : new boolean[] {false, true}) {
                long bytes = whole.bytes(ofServer);
                assertTrue(bytes > 0, "nothing was said");
                for (long behind = 0; behind <= bytes; behind++) {
                    cuts.add(new CuttingRelay.Cut(connection, ofServer, behind, random.nextBoolean()));
                }
            }
        }
        Collections.shuffle(cuts, random);
        return cuts;
    }
}
