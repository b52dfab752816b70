package dev.polywire.testing;

/** How long each test goes on that runs for a fixed time: five seconds, a minute on the build server. */
public final class Soak {

    private static final String SECONDS = System.getProperty("polywire.soak.seconds", "5");

    private Soak() {}

    /** For the command line of a child, by {@code -Dsoak.seconds}. */
    public static String seconds() {
        return SECONDS;
    }
}
