package dev.polywire.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a sink that may block, in their order, by a daemon thread: who adds one never waits for the sink. A full queue
 * drops what is added until half of it is free; then it writes how much that was, in the place of what it dropped.
 */
final class LogQueue {

    /** A burst of lines that a terminal takes at once. */
    static final int MAX_WRITES = 2_048;
    /** Small beside the smallest heap that the program runs in. */
    static final int MAX_BYTES = 512 * 1024;

    private final LongFunction<Runnable> loss;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean writing;
    private long dropped;
    private boolean closed;

    private record Waiting(Runnable write, int bytes) {}

    /**
     * Starts the thread.
     *
     * @param loss makes a write that tells how many were dropped
     */
    LogQueue(String threadName, LongFunction<Runnable> loss) {
        this.loss = loss;
        Thread thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Adds a write, or counts it as dropped.
     *
     * @param bytes of memory that it holds
     */
    synchronized void add(Runnable write, int bytes) {
        if (closed) {
            return;
        }
        if (dropped > 0 || waiting.size() >= MAX_WRITES || waitingBytes + bytes > MAX_BYTES) {
            dropped++;
        } else {
            put(write, bytes);
            notifyAll();
        }
    }

    /**
     * Waits until everything is written.
     *
     * @return false when it was not, after {@code millis}
     */
    synchronized boolean flush(long millis) {
        long fromNanos = System.nanoTime();
        try {
            while (writing || !waiting.isEmpty()) {
                long leftNanos = TimeUnit.MILLISECONDS.toNanos(millis) - (System.nanoTime() - fromNanos);
                if (leftNanos <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            }
            return true;
        } catch (InterruptedException leave) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Takes nothing more, waits as {@link #flush} does, and ends the thread when everything is written.
     *
     * @return false when it was not, after {@code millis}
     */
    synchronized boolean close(long millis) {
        closed = true;
        notifyAll();
        return flush(millis);
    }

    private void run() {
        try {
            for (Runnable next = take(); next != null; next = take()) {
                write(next);
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    /** A sink that fails loses what it failed with, and nothing else. */
    private static void write(Runnable next) {
        try {
            next.run();
        } catch (RuntimeException lost) {
            // A handler tells its ErrorManager; there is no other place where this could be logged.
        }
    }

    /** @return null at the end */
    private synchronized @Nullable Runnable take() throws InterruptedException {
        writing = false;
        if (dropped > 0 && waiting.size() <= MAX_WRITES / 2 && waitingBytes <= MAX_BYTES / 2) {
            put(loss.apply(dropped), 0);
            dropped = 0;
        }
        notifyAll();
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        Waiting next = waiting.poll();
        if (next == null) {
            return null;
        }
        waitingBytes -= next.bytes;
        writing = true;
        return next.write;
    }

    private void put(Runnable write, int bytes) {
        waiting.add(new Waiting(write, bytes));
        waitingBytes += bytes;
    }
}
