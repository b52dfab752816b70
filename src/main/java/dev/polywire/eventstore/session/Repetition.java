package dev.polywire.eventstore.session;

/** When an operation whose sending has failed is sent again, until its deadline. */
public enum Repetition {
    /** Whatever has happened: it only reads. */
    READ,
    /** The same: it has event ids and an expected version, by which the server finds that it has them already. */
    SAME_IDS,
    /** The same: done twice, it leaves what it leaves when it is done once. */
    SAME_EFFECT,
    /** Only when the server has not done it: the server's memory of ids does not reach far without an expected version. */
    ONCE;

    /** Whether it may be sent again when nobody knows what has become of it. */
    boolean survivesUnknown() {
        return this != ONCE;
    }
}
