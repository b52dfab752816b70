package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Transcript;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What recordings do not say of themselves: each is the whole of an exception, so that nothing in it is compared less. */
final class RecordingNotes {

    /** The client had not waited for the first answer; the server's threads decided which came first. */
    private static final Set<String> UNORDERED =
            Set.of("5.0.11/auth-pipelined", "5.0.11/length-17-after-ping", "5.0.11/write-pipelined");

    /** These read all events, and the server had others before. */
    private static final Set<String> BEHIND_A_TOMBSTONE =
            Set.of("5.0.11/auth-default-user", "5.0.11/auth-per-package-ok", "5.0.11/auth-pipelined");

    private static final String FROM_ZERO = "5.0.11/read-all-from-zero";

    private static final String MAX_AGE = "5.0.11/read-max-age";
    /** Its first line is 1; a pause of three seconds between two writes has no line. */
    private static final int BEHIND_PAUSE = 5;

    private static final long PAUSE_MILLIS = 3_000;

    private RecordingNotes() {}

    static boolean isUnordered(Transcript recording) {
        return UNORDERED.contains(recording.name());
    }

    /** Time that passes before a line. */
    static long pauseMillis(Transcript recording, int line) {
        return recording.name().equals(MAX_AGE) && line == BEHIND_PAUSE ? PAUSE_MILLIS : 0;
    }

    /** What the server had done before. */
    static void writeHistory(Transcript recording, StreamStore store) {
        if (BEHIND_A_TOMBSTONE.contains(recording.name())) {
            store.deleteForEver("identify-deleted-stream-number", -2);
        }
        if (recording.name().equals(FROM_ZERO)) {
            writeMetadata(store, "$stats-127.0.0.1:12131", "{\"$maxAge\":864000}");
            writeMetadata(
                    store, "$user-admin", "{\"$acl\":{\"$w\":\"$admins\",\"$d\":\"$admins\",\"$mw\":\"$admins\"}}");
        }
    }

    private static void writeMetadata(StreamStore store, String stream, String json) {
        NewEvent event = new NewEvent(
                UUID.randomUUID(), "$metadata", NewEvent.JSON, Buffer.buffer(json), Buffer.buffer());
        store.write("$$" + stream, -2, List.of(event));
    }
}
