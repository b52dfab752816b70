package dev.polywire.testing;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Keeps what a connection hears; what else is done with an event is given at construction. */
public final class Recorder {

    private final Consumer<String> also;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<RuntimeException> closed = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Runnable onDrained = () -> {};

    public Recorder() {
        this(event -> {});
    }

    public Recorder(Consumer<String> also) {
        this.also = also;
    }

    public void onDrained(Runnable step) {
        onDrained = step;
    }

    public void event(String event) {
        if (closed.isDone()) {
            throw new AssertionError("event after closed");
        }
        events.add(event);
        also.accept(event);
    }

    public void closed(RuntimeException cause) {
        closes.incrementAndGet();
        closed.complete(cause);
    }

    public void received() {
        reads.incrementAndGet();
    }

    /** How often bytes came. */
    public int reads() {
        return reads.get();
    }

    public void drained() {
        drained.complete(null);
        onDrained.run();
    }

    /** The next event that was not taken yet. */
    public String next() {
        try {
            String event = events.poll(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event" + (closed.isDone() ? ", closed: " + closed.join() : ""));
            }
            return event;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** The events that were not taken yet. */
    public List<String> events() {
        return List.copyOf(events);
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    /** Why it was closed, as soon as it is. */
    public RuntimeException closed() {
        RuntimeException cause = Loop.await(closed);
        if (closes.get() != 1) {
            throw new AssertionError("closed " + closes + " times");
        }
        return cause;
    }

    public void awaitDrained() {
        Loop.await(drained);
    }
}
