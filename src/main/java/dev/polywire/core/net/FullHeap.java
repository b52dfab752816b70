package dev.polywire.core.net;

import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * Errors of a heap that is full: afterwards any part of the process may be broken. A library does not end a process, so such
 * an error goes to the exception handler of the context, or of its Vert.x, and the application decides.
 */
public final class FullHeap {

    private FullHeap() {}

    /**
     * False for memory outside the heap, whose lack concerns only the connection that asked for it, for an array that no
     * heap can hold, and for threads. The classes and the texts of these errors are those of the JDK and of Netty.
     */
    public static boolean isMeantBy(Throwable thrown) {
        return thrown.getClass() == OutOfMemoryError.class && isFull(thrown.getMessage());
    }

    /** Has the context's exception handler called with an error of a full heap, in another turn; ignores all others. */
    public static void report(Context context, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError full && isMeantBy(full)) {
            context.runOnContext(v -> {
                throw full;
            });
        }
    }

    private static boolean isFull(@Nullable String message) {
        return message != null
                && (message.startsWith("Java heap space")
                        || message.startsWith("GC overhead limit exceeded")
                        || message.startsWith("Metaspace")
                        || message.startsWith("Compressed class space"));
    }
}
