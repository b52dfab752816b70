package dev.polywire.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.qpid.server.SystemLauncher;

/** A Qpid Broker-J in memory, as {@code qpid.json} says. What it keeps is gone with it. */
final class EmbeddedAmqp {

    /** It tells of each start, login and queue. Held, or they are forgotten. */
    private static final List<Logger> LOGS =
            List.of(Logger.getLogger("org.apache.qpid"), Logger.getLogger("qpid.message"));

    private final SystemLauncher launcher;

    private EmbeddedAmqp(SystemLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Starts one, which takes a second or two.
     *
     * @throws IOException when the port is taken. Qpid itself would log that, and be up without it
     */
    static EmbeddedAmqp start(int port) throws Exception {
        new ServerSocket(port, 1, InetAddress.getByName(EmbeddedOptions.HOST)).close();
        LOGS.forEach(log -> log.setLevel(Level.SEVERE));
        SystemLauncher launcher = new SystemLauncher();
        launcher.startup(Map.of(
                "type",
                "Memory",
                "initialConfigurationLocation",
                resource("qpid.json"),
                "initialSystemPropertiesLocation",
                resource("qpid.properties"),
                "startupLoggedToSystemOut",
                false,
                "context",
                Map.of("polywire.port", Integer.toString(port))));
        return new EmbeddedAmqp(launcher);
    }

    private static String resource(String name) {
        return Objects.requireNonNull(EmbeddedAmqp.class.getResource(name), name)
                .toExternalForm();
    }

    void stop() {
        launcher.shutdown();
    }
}
