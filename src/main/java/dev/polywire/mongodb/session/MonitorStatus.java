package dev.polywire.mongodb.session;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link ServerMonitor} does.
 *
 * @param leastRoundTripMicros the least of the last ten hellos, microseconds; 0 until there are two
 * @param lastHelloAgoMillis since the last answer to a hello; null: there was none
 */
public record MonitorStatus(
        Mode mode, long leastRoundTripMicros, @Nullable Long lastHelloAgoMillis) {

    /** How the server is asked. */
    public enum Mode {
        /** {@code heartbeatMillis} is 0: never. */
        OFF,
        /** There is nothing to watch: no connection is up. */
        RESTING,
        /** There is no connection to ask on yet, or it broke. */
        CONNECTING,
        /** One hello every {@code heartbeatMillis}. */
        POLLING,
        /** The server says by itself what changes, and every {@code heartbeatMillis} that nothing has. */
        STREAMING
    }

    static final MonitorStatus OFF = new MonitorStatus(Mode.OFF, 0, null);
}
