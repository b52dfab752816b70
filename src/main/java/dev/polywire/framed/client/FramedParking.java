package dev.polywire.framed.client;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that came before a reply somebody waits for, while nobody wants messages. A few: when it is full the connection is
 * not read, and the reply waits with the rest.
 */
final class FramedParking {

    /** A read of a socket. */
    static final int FULL_BYTES = 64 * 1024;
    /** What a message takes beside its payload. */
    private static final int MESSAGE_BYTES = 128;

    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private long bytes;

    private record Parked(Future<FramedReceived> message, int bytes) {}

    /** @param message none of whose bytes are shared with what was read */
    void add(Future<FramedReceived> message, int payloadBytes) {
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
        return next.message;
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }

    boolean isFull() {
        return bytes >= FULL_BYTES;
    }

    void clear() {
        parked.clear();
        bytes = 0;
    }
}
