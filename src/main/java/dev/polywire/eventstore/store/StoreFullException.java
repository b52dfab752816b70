package dev.polywire.eventstore.store;

/** A write would go beyond the {@link StoreBounds}; nothing of it was done. */
public final class StoreFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoreFullException(String message) {
        super(message, null, false, false);
    }
}
