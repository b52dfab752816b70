package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.Utf8;
import dev.polywire.eventstore.wire.UserCredentials;
import org.jspecify.annotations.Nullable;

/**
 * As what a client takes part in a persistent subscription.
 *
 * @param stream name of the stream; not empty, since no server answers that
 * @param group name of the group; not empty
 * @param inFlight events that may be unsettled at the same time, 1 to 10,000
 * @param maxHeldBytes what unsettled events may take, 1 to 2^40; when it is more, the client goes on with half as many, down to one,
 *     until events are smaller
 * @param credentials of this client; null: those of the connection
 */
public record Attendance(
        String stream,
        String group,
        int inFlight,
        long maxHeldBytes,
        @Nullable UserCredentials credentials) {

    /** Two batches of a reader. Other clients have 10, which is one event for each tenth of a round trip. */
    public static final int IN_FLIGHT = 512;

    public static final int MAX_IN_FLIGHT = 10_000;

    /** Four of the largest events. */
    public static final long MAX_HELD_BYTES = 64L * 1024 * 1024;

    /** @throws CallException BAD_REQUEST, when a value cannot be sent */
    public Attendance {
        name("streamId", stream);
        name("group", group);
        if (inFlight < 1 || inFlight > MAX_IN_FLIGHT) {
            throw refused("inFlight: " + inFlight + " (expected: 1 to " + MAX_IN_FLIGHT + ")");
        }
        if (maxHeldBytes < 1 || maxHeldBytes > 1L << 40) {
            throw refused("maxHeldBytes: " + maxHeldBytes + " (expected: 1 to 1099511627776)");
        }
    }

    /** With the defaults. */
    public static Attendance of(String stream, String group) {
        return new Attendance(stream, group, IN_FLIGHT, MAX_HELD_BYTES, null);
    }

    static void name(String field, String name) {
        if (name.isEmpty()) {
            throw refused(field + ": empty");
        }
        if (!Utf8.isUnicode(name)) {
            throw refused(field + ": " + Utf8.NOT_UNICODE);
        }
    }

    static CallException refused(String what) {
        return new CallException(Reason.BAD_REQUEST, what);
    }
}
