package dev.polywire.amqp.wire;

/**
 * When a sign of life is due, from us and from the peer (AMQP 0-9-1, 4.2.7). Of an agreed time T we look each T/4 and speak
 * when nothing was sent since the last look, so at most T/2 after our last bytes; a peer that was silent for 2 T is dead. Any
 * byte is a sign.
 */
final class Heartbeats {

    private static final long NEVER = Long.MAX_VALUE;
    private static final int LOOKS = 4;

    private long lookMillis;
    private long deadMillis;
    private long nextLookMillis = NEVER;
    private long heardMillis;
    private boolean held;

    /** From now on; 0: without. */
    void begin(int seconds, long nowMillis) {
        lookMillis = seconds * 1_000L / LOOKS;
        deadMillis = seconds * 2_000L;
        heardMillis = nowMillis;
        nextLookMillis = seconds == 0 ? NEVER : nowMillis + lookMillis;
    }

    void heard(long nowMillis) {
        heardMillis = nowMillis;
    }

    /** Whether nobody reads, so that silence says nothing. */
    void hold(boolean held, long nowMillis) {
        this.held = held;
        heardMillis = nowMillis;
    }

    long nextMillis() {
        return nextLookMillis == NEVER || held ? nextLookMillis : Math.min(nextLookMillis, heardMillis + deadMillis);
    }

    boolean isDead(long nowMillis) {
        return nextLookMillis != NEVER && !held && nowMillis - heardMillis >= deadMillis;
    }

    /** Looks, if it is time; whether it was. */
    boolean look(long nowMillis) {
        if (nowMillis < nextLookMillis) {
            return false;
        }
        nextLookMillis = nowMillis + lookMillis;
        return true;
    }

    long deadMillis() {
        return deadMillis;
    }
}
