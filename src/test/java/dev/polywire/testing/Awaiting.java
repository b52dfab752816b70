package dev.polywire.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Awaitility looks after 20 milliseconds, since what is awaited is rarely there at once, and then every five; its own hundred, before
 * and between, were a minute of the build.
 */
public final class Awaiting implements LauncherSessionListener {

    private static final Duration DELAY = Duration.ofMillis(20);

    private static final Duration INTERVAL = Duration.ofMillis(5);
    /** Long enough for a busy machine; reached only by a test that fails. */
    private static final Duration PATIENCE = Duration.ofSeconds(Loop.PATIENCE_SECONDS);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultPollDelay(DELAY);
        Awaitility.setDefaultPollInterval(INTERVAL);
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
