package dev.polywire.testing.probe;

/** How {@link ProbeService#fail} fails. */
public enum Fault {
    /** The method throws, and nothing around it knows our failures. */
    THROWN,
    /** The future fails with an exception nobody expects. */
    PLAIN,
    /** The future fails as it should. */
    TYPED,
    /** With the server's words. */
    REFUSED,
    /** The answer is of a type that the bus cannot carry. */
    UNSENDABLE
}
