package dev.polywire.testing.probe;

import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.bus.stream.SettledSource;
import io.vertx.core.Handler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** Numbers whose protocol wants to hear of each. */
public final class SettledNumbers extends Numbers implements SettledSource {

    public final List<String> heard = new CopyOnWriteArrayList<>();

    private final AtomicInteger closed;
    private Handler<Throwable> cutHandler = why -> {};
    private LapseHandler lapseHandler = (first, last) -> {};
    private final Set<Long> lapsed = new HashSet<>();
    private List<String> actions = List.of();

    public SettledNumbers(int count) {
        this(count, new AtomicInteger());
    }

    private SettledNumbers(int count, AtomicInteger closed) {
        super(count, closed);
        this.closed = closed;
    }

    public int closed() {
        return closed.get();
    }

    /** It gives nothing more, and its items can be settled. */
    public void cut(Throwable why) {
        cutHandler.handle(why);
    }

    /** Its protocol has words of its own for what becomes of an item. */
    public SettledNumbers with(String... words) {
        actions = List.of(words);
        return this;
    }

    /** Takes back what is not settled of these. */
    public void lapse(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(lapsed::add);
        lapseHandler.lapsed(first, last);
    }

    @Override
    public List<String> actions() {
        return actions;
    }

    @Override
    public void lapseHandler(LapseHandler handler) {
        lapseHandler = handler;
    }

    @Override
    public void cutHandler(Handler<Throwable> handler) {
        cutHandler = handler;
    }

    @Override
    public boolean acknowledge(long item) {
        return hear(item, " acknowledged");
    }

    @Override
    public boolean reject(long item, Rejection how) {
        String usual = how.requeue() ? "requeued" : "rejected";
        String word = how.action() == null ? usual : how.action();
        return hear(item, " " + word + (how.reason() == null ? "" : ": " + how.reason()));
    }

    private boolean hear(long item, String what) {
        boolean known = !lapsed.contains(item);
        if (known) {
            heard.add(item + what);
        }
        return known;
    }
}
