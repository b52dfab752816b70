package dev.polywire.embedded;

import dev.polywire.core.net.ListenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.qpid.server.SystemLauncher;

/** A Qpid Broker-J in memory, as {@code qpid.json} says. Its data is lost when it stops. */
final class EmbeddedAmqp {

    /** Qpid logs each start, login and queue. The references keep the levels set: unreferenced loggers are collected. */
    private static final List<Logger> LOGS =
            List.of(Logger.getLogger("org.apache.qpid"), Logger.getLogger("qpid.message"));

    private final SystemLauncher launcher;

    private EmbeddedAmqp(SystemLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Starts a broker, which takes a second or two.
     *
     * @throws ListenException when the port is taken. Qpid itself would only log that, and run without the port
     */
    static EmbeddedAmqp start(int port) throws Exception {
        try {
            new ServerSocket(port, 1, InetAddress.getByName(EmbeddedOptions.HOST)).close();
        } catch (IOException cannot) {
            throw ListenException.at(EmbeddedOptions.HOST + ":" + port, cannot);
        }
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
