package dev.polywire.testing.probe;

import dev.polywire.core.bus.stream.SettledSource;
import io.vertx.core.Handler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbers whose protocol wants to hear of each. */
public final class SettledNumbers extends Numbers implements SettledSource {

    public final List<String> heard = new CopyOnWriteArrayList<>();

    private final AtomicInteger closed;
    private Handler<Throwable> cutHandler = why -> {};

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

    @Override
    public void cutHandler(Handler<Throwable> handler) {
        cutHandler = handler;
    }

    @Override
    public boolean acknowledge(long item) {
        heard.add(item + " acknowledged");
        return true;
    }

    @Override
    public boolean reject(long item, boolean requeue) {
        heard.add(item + (requeue ? " requeued" : " rejected"));
        return true;
    }
}
