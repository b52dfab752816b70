package dev.polywire.core.bus.watch;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The questions that follow one loss: all nodes are asked three times which of the possibly lost requests they hold.
 *
 * <pre>
 *   0 ms      question; when every node has answered, the requests that no node holds are lost
 *   400 ms    the same for the remaining requests: sent just before the loss, or on their way then
 *   1,000 ms  the same
 *   1,500 ms  the requests that no node has claimed are lost, even if some node did not answer
 * </pre>
 *
 * A request that a node has claimed once is safe from this inquiry. Belongs to the context of its watch.
 */
final class Inquiry {

    private static final long[] ASK_AT_MILLIS = {0, 400, 1_000};
    /** Three questions and this wait take less than the 2 seconds in which a loss is reported. */
    private static final long ANSWER_MILLIS = 500;
    /** A younger request may not have left its node yet; the question could overtake it. */
    private static final long SETTLE_MILLIS = 300;
    /** Reply addresses in one question: 44 kB. */
    private static final int MAX_IDS = 1_000;

    private final Vertx vertx;
    private final Outstanding outstanding;
    private final Questions questions;
    private final Predicate<String> addresses;
    private final BiConsumer<String, Boolean> lost;
    private final Set<String> held = new HashSet<>();

    /**
     * @param addresses to which requests may be lost
     * @param lost receives the reply address of each lost request, and whether every node has answered
     */
    Inquiry(
            Vertx vertx,
            Outstanding outstanding,
            Questions questions,
            Predicate<String> addresses,
            BiConsumer<String, Boolean> lost) {
        this.vertx = vertx;
        this.outstanding = outstanding;
        this.questions = questions;
        this.addresses = addresses;
        this.lost = lost;
    }

    void begin() {
        for (int i = 0; i < ASK_AT_MILLIS.length; i++) {
            boolean last = i == ASK_AT_MILLIS.length - 1;
            if (ASK_AT_MILLIS[i] == 0) {
                ask(last);
            } else {
                vertx.setTimer(ASK_AT_MILLIS[i], t -> ask(last));
            }
        }
    }

    private void ask(boolean last) {
        List<String> suspects = outstanding.sentTo(addresses).stream()
                .filter(id -> !held.contains(id))
                .toList();
        for (int from = 0; from < suspects.size(); from += MAX_IDS) {
            ask(suspects.subList(from, Math.min(suspects.size(), from + MAX_IDS)), last);
        }
    }

    private void ask(List<String> ids, boolean last) {
        long askedMillis = Monotonic.millis();
        Set<String> answered = new HashSet<>();
        int nodes = questions.nodes();
        long question = questions.ask(ids, (number, answer) -> {
            answer.getJsonArray("held").forEach(id -> held.add((String) id));
            answered.add(answer.getString("node"));
            if (answered.size() == nodes) {
                questions.close(number);
                decide(ids, askedMillis, true);
            }
        });
        vertx.setTimer(ANSWER_MILLIS, t -> {
            if (questions.close(question) && last) {
                decide(ids, askedMillis, false);
            }
        });
    }

    private void decide(List<String> ids, long askedMillis, boolean byAll) {
        for (String id : ids) {
            Outstanding.Entry entry = outstanding.get(id);
            if (entry != null && !held.contains(id) && entry.sentMillis() + SETTLE_MILLIS <= askedMillis) {
                lost.accept(id, byAll);
            }
        }
    }
}
