package dev.polywire.app.cluster;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What Hazelcast says of itself: a page for each start, which hides what an operator looks for. */
public final class HazelcastLogs {

    /** Held, because the JDK forgets the level of a logger that nobody holds. */
    private static final Logger ALL = Logger.getLogger("com.hazelcast");
    /** Warns that it has no access to internals of the JDK, which it does not get from us. */
    private static final Logger FACTORY = Logger.getLogger("com.hazelcast.instance.impl.HazelcastInstanceFactory");

    private HazelcastLogs() {}

    /** Leaves warnings and errors. */
    public static void quieten() {
        ALL.setLevel(Level.WARNING);
        FACTORY.setLevel(Level.SEVERE);
    }
}
