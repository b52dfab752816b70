package dev.polywire.amqp.wire;

import dev.polywire.amqp.wire.AmqpClientMachine.Timer;
import dev.polywire.core.wire.Timers;

/**
 * When heartbeats are due, from us and from the peer (AMQP 0-9-1, 4.2.7). With a negotiated time T we check every T/4 and
 * send one when nothing was sent since the last check, so at most T/2 after our last bytes; a peer that was silent for 2 T
 * is dead. Any byte counts as a heartbeat.
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

    /** Starts now; 0: no heartbeats. */
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

    /** Whether reading is paused, so that silence means nothing. */
    void hold(boolean held, long nowMillis) {
        this.held = held;
        timers.stop(Timer.DEAD);
        heard(nowMillis);
    }

    /** The check for a heartbeat to send is done. */
    void looked(long nowMillis) {
        timers.set(Timer.LOOK, nowMillis + lookMillis);
    }

    long deadMillis() {
        return deadMillis;
    }
}
