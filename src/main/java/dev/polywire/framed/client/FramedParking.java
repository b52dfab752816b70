package dev.polywire.framed.client;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A few messages that arrived before an awaited reply while no reader wanted them. When it is full the connection is not
 * read, and the reply waits too.
 */
final class FramedParking {

    /** The size of one socket read. */
    static final int FULL_BYTES = 64 * 1024;
    /** The memory of a message beside its payload. */
    private static final int MESSAGE_BYTES = 128;

    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private long bytes;
    private long sinceMillis = Long.MAX_VALUE;

    private record Parked(Future<FramedReceived> message, int bytes) {}

    /** @param message shares no bytes with the receive buffer */
    void add(Future<FramedReceived> message, int payloadBytes) {
        if (parked.isEmpty()) {
            sinceMillis = Monotonic.millis();
        }
        parked.add(new Parked(message, MESSAGE_BYTES + payloadBytes));
        bytes += MESSAGE_BYTES + payloadBytes;
    }

    @Nullable
    Future<FramedReceived> poll() {
        Parked next = parked.poll();
        if (next == null) {
            return null;
        }
        bytes -= next.bytes;
        if (parked.isEmpty()) {
            clear();
        }
        return next.message;
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }

    boolean isFull() {
        return bytes >= FULL_BYTES;
    }

    long heldBytes() {
        return bytes;
    }

    /** Since when it has not been empty; {@link Long#MAX_VALUE}: it is. */
    long sinceMillis() {
        return sinceMillis;
    }

    void clear() {
        parked.clear();
        bytes = 0;
        sinceMillis = Long.MAX_VALUE;
    }
}
