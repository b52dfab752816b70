package dev.polywire.eventstore.store;

/** Hears what is committed. */
public interface StoreListener {

    /** In the order of the log. */
    void committed(StoredEvent event);

    /** All have heard of all that a write has committed. */
    default void told() {}
}
