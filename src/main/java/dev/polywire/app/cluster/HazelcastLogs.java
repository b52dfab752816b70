package dev.polywire.app.cluster;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of Hazelcast: a page at each start, which hides the lines that an operator needs. */
public final class HazelcastLogs {

    /** Kept, because the JDK drops the level of a logger without references. */
    private static final Logger ALL = Logger.getLogger("com.hazelcast");
    /** Warns that it has no access to internals of the JDK, which Polywire does not grant. */
    private static final Logger FACTORY = Logger.getLogger("com.hazelcast.instance.impl.HazelcastInstanceFactory");

    private HazelcastLogs() {}

    /** Keeps warnings and errors. */
    public static void quieten() {
        ALL.setLevel(Level.WARNING);
        FACTORY.setLevel(Level.SEVERE);
    }
}
