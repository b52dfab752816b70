package dev.polywire.testing.leftovers;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What outlives the class that started it, on purpose, and ends with the fork. */
public enum Shared {
    NEO4J("ten seconds to start, and one serves all its tests"),
    RABBITMQ("six seconds to start, with Erlang's port mapper beside it, and one serves all its tests"),
    QPID("two seconds to start, and one serves all its tests"),
    SMALL_JVM("hostile bytes of all protocols go to one after the other");

    private static final Map<Long, Shared> PROCESSES = new ConcurrentHashMap<>();
    private static final Map<Integer, Shared> PORTS = new ConcurrentHashMap<>();
    private static final Map<Shared, Runnable> STOPS = new ConcurrentHashMap<>();

    private final String reason;

    Shared(String reason) {
        this.reason = reason;
    }

    /** Why it is not started anew by each class. */
    public String reason() {
        return reason;
    }

    /** This process, which may outlive the test class that runs. @return the process */
    public Process process(Process process) {
        PROCESSES.put(process.pid(), this);
        return process;
    }

    /** This port of the fork's own, which may outlive the test class that runs. @param stop what the fork does at its end */
    public void port(int port, Runnable stop) {
        PORTS.put(port, this);
        STOPS.put(this, stop);
    }

    static void stopAll() {
        STOPS.values().forEach(Runnable::run);
    }

    static Set<Long> processes() {
        return PROCESSES.keySet();
    }

    static Set<Integer> ports() {
        return PORTS.keySet();
    }
}
