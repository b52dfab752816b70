package dev.polywire.bridge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a bridge holds for all clients: unfinished frames, requests without an answer, unread output.
 * Above the limit, reading stops for clients with more than their share (the limit divided by the clients), so that a
 * client with little data is not affected. Of the clients stopped in the middle of a frame, one at a time continues: if all
 * of them waited, none would finish.
 */
final class ByteBudget {

    /** Data of unknown size (an answer) may exceed the limit, up to this many times. */
    private static final int HARD = 2;
    /** For requests without an answer alone; several frames may complete before the first of them is answered. */
    private static final int HARD_REQUESTS = 4;

    private final Set<Share> shares = new LinkedHashSet<>();
    private final Set<Share> waiting = new LinkedHashSet<>();
    private long maxBytes;
    private long totalBytes;
    private @Nullable Share turn;

    /** The part of one client. */
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

        /** @param bytes all bytes it holds now @param midFrame whether it has an incomplete frame */
        void holds(long bytes, boolean midFrame) {
            if (shares.contains(this)) {
                totalBytes += bytes - this.bytes;
                this.bytes = bytes;
                this.midFrame = midFrame;
                balance(this);
            }
        }

        /** Whether there is room for that many bytes of unannounced data. */
        boolean admits(long more) {
            return totalBytes + more <= HARD * maxBytes || bytes + more <= fairBytes();
        }

        /** Whether there is room for another request. A first one may have any size. @param all of all clients */
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

    /** @param maxBytes above this, reading stops */
    ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Changes the limit, from the next change of a share on. */
    void limit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @param pause stops reading from the client @param resume reads again */
    Share share(Runnable pause, Runnable resume) {
        Share share = new Share(pause, resume);
        shares.add(share);
        return share;
    }

    long totalBytes() {
        return totalBytes;
    }

    /** Clients whose reading is stopped. */
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
