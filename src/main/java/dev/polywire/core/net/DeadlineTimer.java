package dev.polywire.core.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of all deadlines of a context, set for the earliest. Most deadlines are met, so the timer stays as it is when one
 * is: it is then early, and set again. They stand in a binary heap, each knows its place there, and each leaves it when it is met:
 * what a deadline belongs to is not kept. May be used from any thread; a deadline expires on the context.
 */
final class DeadlineTimer {

    private static final long NEVER = Long.MAX_VALUE;
    private static final int FIRST_PLACES = 16;

    private final Vertx vertx;
    private Deadline[] heap = new Deadline[FIRST_PLACES];
    private int size;
    private long timer;
    private long timerMillis = NEVER;

    private DeadlineTimer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** That of the current context. */
    static DeadlineTimer of(Vertx vertx) {
        Context context = vertx.getOrCreateContext();
        DeadlineTimer timer = context.get(DeadlineTimer.class);
        if (timer == null) {
            timer = new DeadlineTimer(vertx);
            context.put(DeadlineTimer.class, timer);
        }
        return timer;
    }

    synchronized void add(Deadline deadline) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        up(size++, deadline);
        arm();
    }

    /** It has its outcome, or expires now. */
    synchronized void remove(Deadline deadline) {
        int place = deadline.place;
        if (place < 0) {
            return;
        }
        deadline.place = -1;
        Deadline last = heap[--size];
        heap[size] = null;
        if (last != deadline) {
            down(place, last);
            if (last.place == place) {
                up(place, last);
            }
        }
    }

    private synchronized @Nullable Deadline due() {
        Deadline first = size > 0 && heap[0].atMillis <= Monotonic.millis() ? heap[0] : null;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    private void fired() {
        synchronized (this) {
            timerMillis = NEVER;
        }
        try {
            for (Deadline next = due(); next != null; next = due()) {
                next.expire();
            }
        } finally {
            synchronized (this) {
                arm();
            }
        }
    }

    /** An early timer is harmless. */
    private void arm() {
        if (size > 0 && heap[0].atMillis < timerMillis) {
            if (timerMillis != NEVER) {
                vertx.cancelTimer(timer);
            }
            timerMillis = heap[0].atMillis;
            timer = vertx.setTimer(Math.max(1, timerMillis - Monotonic.millis()), t -> fired());
        }
    }

    private void up(int from, Deadline deadline) {
        int place = from;
        while (place > 0 && deadline.atMillis < heap[(place - 1) / 2].atMillis) {
            put(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        put(place, deadline);
    }

    private void down(int from, Deadline deadline) {
        int place = from;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && heap[child + 1].atMillis < heap[child].atMillis) {
                child++;
            }
            if (deadline.atMillis <= heap[child].atMillis) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, deadline);
    }

    private void put(int place, Deadline deadline) {
        heap[place] = deadline;
        deadline.place = place;
    }
}
