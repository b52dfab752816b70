package dev.polywire.mongodb.session;

/**
 * When a server is asked whether it is there, and when its silence is proven. Pure: who uses it tells what happened, and then
 * asks {@link #next} what to do, at the latest at {@link #dueMillis}.
 *
 * <pre>
 *   polling      hello -> answer, heartbeatMillis, hello -> answer ...
 *   streaming    hello -> answer ... answer ...     each within heartbeatMillis, or later by what an answer takes
 * </pre>
 *
 * <p>The server owes an answer from the hello on, or since it should have streamed one. It is lost when it has owed one for
 * {@code connectTimeoutMillis} and nothing has come from it meanwhile on any connection: that is {@code heartbeatMillis +
 * connectTimeoutMillis} after its last word at the latest. Three silences are ours, and begin anew: this side does not read; a
 * timer came much too late, because the process or its machine stood still; the bytes of an answer wait behind the timer in the
 * same turn, which is why the proof is looked at twice.
 *
 * <p>A connection that does not come about (refused, not silent) is no answer: a server that took one before still owes it, and
 * is dialled again and again until it has said something on any connection, or is lost. If it never took one beside the
 * pool's, it may not allow it, and that means nothing.
 */
final class MonitorSchedule {

    /** What is to be done. */
    enum Step {
        /** Nothing before {@link MonitorSchedule#dueMillis}. */
        WAIT,
        /** Close the connection; then ask again what to do. */
        DROP,
        /** Connect; the outcome is {@link MonitorSchedule#dialled} or {@link MonitorSchedule#dialFailed}. */
        DIAL,
        /** Say a hello that is answered at once. */
        POLL,
        /** Say a hello that waits for changes. */
        AWAIT,
        /** The server is silent, and nothing is asked any more. */
        LOST
    }

    private enum State {
        RESTING,
        DIALLING,
        /** Without a connection, or with one on which the next question is to come. */
        PAUSED,
        POLLING,
        STREAMING
    }

    /** minHeartbeatFrequencyMS of the specification: so much lies between two attempts to connect. */
    static final long MIN_HEARTBEAT_MILLIS = 500;

    /** So many answers of a stream within {@link #MIN_HEARTBEAT_MILLIS} are no elections. */
    static final int MAX_REPLIES = 100;

    static final long NEVER = Long.MAX_VALUE;

    /** Parts of the time for an answer: the timers that watch it are so dense that a pause shows. */
    private static final int PARTS = 4;

    private final long heartbeatMillis;
    private final long connectTimeoutMillis;
    private State state = State.RESTING;
    /** What comes at {@link #nextMillis} in a pause. */
    private Step next = Step.WAIT;

    private long nextMillis;
    private long dialledMillis;
    /** Since when it is dialled and takes none, though it did before; {@link #NEVER}: it took the last one. */
    private long refusedMillis = NEVER;
    /** The last question, or when the last answer of a stream should have come. */
    private long askedMillis;
    /** Since when the server owes an answer and has said nothing. */
    private long owedMillis = NEVER;
    /** The {@link #owedMillis} that was found too long ago, and when that was. */
    private long provenMillis = NEVER;

    private long foundMillis;

    private long dueMillis = NEVER;
    private boolean worked;
    private boolean streams;
    private boolean unused;
    private boolean gone;
    private long floodMillis;
    private int replies;

    /**
     * @param heartbeatMillis from an answer to the next question, at least 1
     * @param connectTimeoutMillis how long an answer may take, at least 1
     */
    MonitorSchedule(long heartbeatMillis, long connectTimeoutMillis) {
        this.heartbeatMillis = heartbeatMillis;
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    // ---- what happened

    /** There is something to watch: it is asked at once. Nothing new if it is watched already. */
    void begin(long nowMillis) {
        if (state == State.RESTING) {
            worked = false;
            streams = false;
            dialledMillis = nowMillis - MIN_HEARTBEAT_MILLIS;
            pause(Step.DIAL, nowMillis);
        }
    }

    /** There is nothing to watch. */
    void end() {
        state = State.RESTING;
        owedMillis = NEVER;
        refusedMillis = NEVER;
        dueMillis = NEVER;
        unused = false;
        gone = false;
    }

    /** A connection is made, and its hello answered. @param offered whether the server can stream */
    void dialled(long nowMillis, boolean offered) {
        worked = true;
        refusedMillis = NEVER;
        replies = 0;
        floodMillis = nowMillis;
        answered(nowMillis, offered);
    }

    /**
     * There is no connection.
     *
     * @param heardMillis when the server last said something to the others
     * @param isRead whether they are read
     */
    void dialFailed(long nowMillis, long heardMillis, boolean isRead) {
        boolean isSilent = nowMillis - dialledMillis >= connectTimeoutMillis;
        long sinceMillis = Math.min(refusedMillis, dialledMillis);
        if (isSilent || worked && isRead && heardMillis <= sinceMillis) {
            // It still owes an answer.
            refusedMillis = sinceMillis;
            pause(Step.DIAL, Math.max(nowMillis, dialledMillis + MIN_HEARTBEAT_MILLIS));
        } else {
            refusedMillis = NEVER;
            owedMillis = NEVER;
            pause(Step.DIAL, nowMillis + Math.max(heartbeatMillis, MIN_HEARTBEAT_MILLIS));
        }
    }

    /** An answer has come, and no more follow to the same question. @param offered whether the server can stream */
    void answered(long nowMillis, boolean offered) {
        owedMillis = NEVER;
        streams = offered;
        if (!offered) {
            pause(Step.POLL, nowMillis + heartbeatMillis);
        } else if (isFlood(nowMillis)) {
            flooded(nowMillis);
        } else {
            pause(Step.AWAIT, nowMillis);
        }
    }

    /** An answer has come, and more follow by themselves. */
    void streamed(long nowMillis) {
        owedMillis = NEVER;
        askedMillis = nowMillis + heartbeatMillis;
        if (isFlood(nowMillis)) {
            flooded(nowMillis);
        }
    }

    /** The connection has ended, or cannot be used any more: there is a new one at once, but not again and again. */
    void broke(long nowMillis) {
        owedMillis = NEVER;
        pause(Step.DIAL, Math.max(nowMillis, dialledMillis + MIN_HEARTBEAT_MILLIS));
    }

    // ---- what to do

    /**
     * The next step. The caller takes it, and asks again until it is {@link Step#WAIT}.
     *
     * @param heardMillis when the server last said something to the others
     * @param isRead whether this side reads, on all connections
     */
    Step next(long nowMillis, long heardMillis, boolean isRead) {
        boolean late = dueMillis != NEVER && nowMillis - dueMillis > partMillis();
        dueMillis = NEVER;
        if (state == State.RESTING) {
            return Step.WAIT;
        }
        if (state == State.STREAMING && owedMillis == NEVER && nowMillis >= askedMillis) {
            owedMillis = askedMillis;
        }
        if (owedMillis != NEVER) {
            judge(nowMillis, heardMillis, late || !isRead);
        }
        if (gone) {
            end();
            return Step.LOST;
        }
        if (unused) {
            unused = false;
            return Step.DROP;
        }
        if (state == State.PAUSED && nowMillis >= nextMillis) {
            return ask(nowMillis);
        }
        dueMillis = due(nowMillis);
        return Step.WAIT;
    }

    /** When {@link #next} must be asked again, whatever happens; {@link #NEVER}: when something has happened. */
    long dueMillis() {
        return dueMillis;
    }

    MonitorStatus.Mode mode() {
        if (state == State.RESTING) {
            return MonitorStatus.Mode.RESTING;
        } else if (state == State.DIALLING || state == State.PAUSED && next == Step.DIAL) {
            return MonitorStatus.Mode.CONNECTING;
        }
        return streams ? MonitorStatus.Mode.STREAMING : MonitorStatus.Mode.POLLING;
    }

    private Step ask(long nowMillis) {
        Step asks = next;
        askedMillis = nowMillis;
        switch (asks) {
            case DIAL -> {
                state = State.DIALLING;
                dialledMillis = nowMillis;
            }
            case AWAIT -> {
                state = State.STREAMING;
                askedMillis = nowMillis + heartbeatMillis;
            }
            default -> state = State.POLLING;
        }
        if (asks != Step.AWAIT && owedMillis == NEVER) {
            owedMillis = nowMillis;
        }
        return asks;
    }

    private void judge(long nowMillis, long heardMillis, boolean isOurs) {
        if (isOurs) {
            owedMillis = nowMillis;
            askedMillis = nowMillis;
        }
        owedMillis = Math.max(owedMillis, heardMillis);
        if (nowMillis - owedMillis >= connectTimeoutMillis) {
            if (provenMillis != owedMillis) {
                provenMillis = owedMillis;
                foundMillis = nowMillis;
            }
            gone = nowMillis > foundMillis;
        } else if (isAsked() && nowMillis - askedMillis >= connectTimeoutMillis) {
            // Others hear the server: it is this connection that is of no use.
            unused = true;
            pause(Step.DIAL, Math.max(nowMillis, dialledMillis + MIN_HEARTBEAT_MILLIS));
        }
    }

    private boolean isAsked() {
        return state == State.POLLING || state == State.STREAMING;
    }

    private long due(long nowMillis) {
        long due = NEVER;
        if (state == State.PAUSED) {
            due = nextMillis;
        } else if (owedMillis == NEVER && state == State.STREAMING) {
            due = askedMillis;
        }
        if (owedMillis != NEVER) {
            long proof = owedMillis == provenMillis ? foundMillis + 1 : owedMillis + connectTimeoutMillis;
            due = Math.min(due, Math.min(proof, nowMillis + partMillis()));
        }
        return due;
    }

    private long partMillis() {
        return Math.max(1, connectTimeoutMillis / PARTS);
    }

    private boolean isFlood(long nowMillis) {
        if (nowMillis - floodMillis >= MIN_HEARTBEAT_MILLIS) {
            floodMillis = nowMillis;
            replies = 0;
        }
        return ++replies > MAX_REPLIES;
    }

    private void flooded(long nowMillis) {
        unused = true;
        pause(Step.DIAL, nowMillis + Math.max(heartbeatMillis, MIN_HEARTBEAT_MILLIS));
    }

    private void pause(Step then, long untilMillis) {
        state = State.PAUSED;
        next = then;
        nextMillis = untilMillis;
    }
}
