package dev.polywire.bridge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all clients of a bridge make it hold: unfinished frames, requests without an answer, output that is not
 * read. Above the bound, who holds more than his share (the bound divided by the clients) is not read from, so that a
 * client that holds little never notices. Of those that stopped in the middle of a frame one at a time goes on: if all of
 * them waited, none would end.
 */
final class ByteBudget {

    /** What is not known before it is there (an answer) may go beyond the bound, up to this many times of it. */
    private static final int HARD = 2;
    /** Requests without an answer alone; several frames may come to their end before the first of them is answered. */
    private static final int HARD_REQUESTS = 4;

    private final Set<Share> shares = new LinkedHashSet<>();
    private final Set<Share> waiting = new LinkedHashSet<>();
    private long maxBytes;
    private long totalBytes;
    private @Nullable Share turn;

    /** What one client holds. */
    final class Share {

        private final Runnable pause;
        private final Runnable resume;
        private long bytes;
        private boolean midFrame;
        private boolean reading = true;

        private Share(Runnable pause, Runnable resume) {
            this.pause = pause;
            this.resume = resume;
        }

        /** @param bytes all it holds now @param midFrame whether a frame has begun that is not complete */
        void holds(long bytes, boolean midFrame) {
            if (shares.contains(this)) {
                totalBytes += bytes - this.bytes;
                this.bytes = bytes;
                this.midFrame = midFrame;
                balance(this);
            }
        }

        /** Whether there is room for that many bytes that nobody asked whether there is room for. */
        boolean admits(long more) {
            return totalBytes + more <= HARD * maxBytes || bytes + more <= fairBytes();
        }

        /** Whether there is room for a further request. A first one may be of any size. @param all of all clients */
        boolean admitsRequest(long all, long own, long more) {
            return all == 0 || all + more <= HARD_REQUESTS * maxBytes || own + more <= fairBytes();
        }

        void close() {
            holds(0, false);
            shares.remove(this);
            waiting.remove(this);
        }

        private void read(boolean on) {
            if (reading != on) {
                reading = on;
                (on ? resume : pause).run();
            }
        }
    }

    /** @param maxBytes above this, reads are paused */
    ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Another bound, from the next change on. */
    void limit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @param pause stops reading from it @param resume reads again */
    Share share(Runnable pause, Runnable resume) {
        Share share = new Share(pause, resume);
        shares.add(share);
        return share;
    }

    long totalBytes() {
        return totalBytes;
    }

    /** Clients that are not read from. */
    int waiting() {
        return waiting.size();
    }

    private long fairBytes() {
        return maxBytes / Math.max(1, shares.size());
    }

    private void balance(Share changed) {
        if (totalBytes <= maxBytes) {
            turn = null;
            for (Share each : new ArrayList<>(waiting)) {
                waiting.remove(each);
                each.read(true);
            }
            return;
        }
        if (changed.bytes > fairBytes()) {
            waiting.add(changed);
        } else {
            waiting.remove(changed);
        }
        Share next = turn != null && waiting.contains(turn) && turn.midFrame ? turn : firstMidFrame();
        Share last = turn;
        turn = next;
        if (last != null && last != next) {
            last.read(!waiting.contains(last));
        }
        changed.read(changed == next || !waiting.contains(changed));
        if (next != null) {
            next.read(true);
        }
    }

    private @Nullable Share firstMidFrame() {
        for (Share each : waiting) {
            if (each.midFrame) {
                return each;
            }
        }
        return null;
    }
}
