package dev.polywire.amqp.wire;

import dev.polywire.amqp.wire.AmqpClientMachine.Timer;
import dev.polywire.core.wire.Timers;

/**
 * When a sign of life is due, from us and from the peer (AMQP 0-9-1, 4.2.7). Of an agreed time T we look each T/4 and speak
 * when nothing was sent since the last look, so at most T/2 after our last bytes; a peer that was silent for 2 T is dead. Any
 * byte is a sign.
 */
final class Heartbeats {

    private static final int LOOKS = 4;

    private final Timers<Timer> timers;
    private long lookMillis;
    private long deadMillis;
    private boolean held;

    Heartbeats(Timers<Timer> timers) {
        this.timers = timers;
    }

    /** From now on; 0: without. */
    void begin(int seconds, long nowMillis) {
        if (seconds > 0) {
            lookMillis = seconds * 1_000L / LOOKS;
            deadMillis = seconds * 2_000L;
            looked(nowMillis);
            heard(nowMillis);
        }
    }

    void heard(long nowMillis) {
        if (deadMillis > 0 && !held) {
            timers.set(Timer.DEAD, nowMillis + deadMillis);
        }
    }

    /** Whether nobody reads, so that silence says nothing. */
    void hold(boolean held, long nowMillis) {
        this.held = held;
        timers.stop(Timer.DEAD);
        heard(nowMillis);
    }

    /** We have looked whether we must speak. */
    void looked(long nowMillis) {
        timers.set(Timer.LOOK, nowMillis + lookMillis);
    }

    long deadMillis() {
        return deadMillis;
    }
}
