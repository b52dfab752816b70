package dev.polywire.core.wire;

import org.jspecify.annotations.Nullable;

/**
 * A machine whose deadlines have names.
 *
 * @param <T> the names
 */
public abstract class TimedMachine<E, T extends Enum<T>> extends Machine<E> {

    protected final Timers<T> timers;

    protected TimedMachine(Output output, FrameTap tap, Timers<T> timers) {
        super(output, tap);
        this.timers = timers;
    }

    /** One deadline has passed, and its timer has stopped. @throws ProtocolException SILENCE, which is final */
    protected abstract void due(T timer, long nowMillis);

    @Override
    protected final long dueMillis() {
        return timers.nextMillis();
    }

    @Override
    protected final void due(long nowMillis) {
        @Nullable T timer = timers.expired(nowMillis);
        while (timer != null) {
            due(timer, nowMillis);
            timer = timers.expired(nowMillis);
        }
    }
}
