package dev.polywire.eventstore.server;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Packages that were sent to a client and have not left this machine, because the client does not read, or not so fast. */
final class UnreadOutput {

    /** As the real one has it. */
    static final int MAX_PACKAGES = 50_000;
    /** As the real one has it. One package more may be of any size. */
    static final long MAX_BYTES = 10 * 1024 * 1024;
    /** From here on a client's further questions wait for it, so that only what it has subscribed to comes to the maximum. */
    static final long MUCH_BYTES = 1024 * 1024;

    /** Bytes of each package, in the order in which they were sent. */
    private final ArrayDeque<Integer> packages = new ArrayDeque<>();

    private long bytes;

    void sent(long packageBytes) {
        packages.add((int) packageBytes);
        bytes += packageBytes;
    }

    /** @param left bytes of all that was sent and has not left this machine */
    void left(long left) {
        while (!packages.isEmpty() && bytes - packages.element() >= left) {
            bytes -= packages.remove();
        }
    }

    /** Bytes of these packages. */
    long bytes() {
        return bytes;
    }

    /** Why nothing more may be sent; null: it may. */
    @Nullable
    String excess() {
        if (packages.size() > MAX_PACKAGES) {
            return "Connection queue size is too large: " + packages.size() + ".";
        }
        return bytes > MAX_BYTES ? "Connection pending send bytes is too large: " + bytes + "." : null;
    }
}
