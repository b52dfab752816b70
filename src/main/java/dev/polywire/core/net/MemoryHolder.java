package dev.polywire.core.net;

/** Something that holds bytes, and has a {@link MemoryAccount} for them. Its methods are called on its own context. */
public interface MemoryHolder {

    /**
     * Whether it may take in more: {@link MemoryAccount#mayRead} has changed; it may at first. What has been taken in is worked
     * on in both cases. A holder that asks before it takes anything in need not listen.
     */
    default void read(boolean on) {}

    /** Memory is short: it gives back what it only keeps for later use, if it said that it {@link MemoryAccount#sheds} any. */
    default void shed() {}

    /**
     * All holders together have too much, and this one has the most and does not shrink: it ends, releases what it holds, and
     * gives an outcome to all that wait for it.
     *
     * @param why OVERLOADED
     */
    void drop(CallException why);
}
