package dev.polywire.app;

import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.app.cli.Table;
import dev.polywire.bridge.BridgeOptions;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The text that the program prints when it is up: what runs, and a request for each connector that the bridge permits. */
final class StartupSummary {

    private static final String USUAL_HOST = "127.0.0.1";
    private static final int USUAL_PORT = 7_000;
    /** Where a bridge listens that listens everywhere, or under a name for this machine. */
    private static final Set<String> AT_HOME = Set.of(USUAL_HOST, "localhost", "0.0.0.0", "::");

    private final @Nullable BridgeOptions bridge;
    private final int port;
    private final @Nullable String jar;
    private final List<String> servers = new ArrayList<>();
    private final Table table = new Table("NAME", "PROTOCOL", "ADDRESS", "TARGET", "STATE");
    private final List<String> requests = new ArrayList<>();

    /**
     * @param bridge null: there is none
     * @param port on which the bridge listens
     * @param jar the program's jar; null: it runs from its classes
     */
    StartupSummary(@Nullable BridgeOptions bridge, int port, @Nullable String jar) {
        this.bridge = bridge;
        this.port = port;
        this.jar = jar;
    }

    /**
     * The program's jar; null: it does not run from its jar alone.
     *
     * @param classPath of the JVM, which is Maven's own jar when Maven runs the program
     * @param classes where the program's classes are
     */
    static @Nullable String jar(String classPath, String classes) {
        return classes.endsWith(".jar") && classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
                ? classPath
                : null;
    }

    void server(String description) {
        servers.add("embedded: " + description);
    }

    /** @param status its answer; empty: there was none */
    void connector(ConnectorEntry entry, JsonObject status) {
        String reason = status.getString("reason");
        table.row(
                status.getString("name", entry.name()),
                status.getString("protocol", entry.protocol().type()),
                entry.address(),
                status.getString("target", entry.settings().endpoint().target()),
                status.getString("state", "no answer") + (reason == null ? "" : ": " + reason));
        if (bridge != null) {
            entry.protocol().requests(entry.settings()).stream()
                    .filter(request -> bridge.permitsAnybody(entry.address(), request.split(" ", 2)[0]))
                    .findFirst()
                    .ifPresent(request -> requests.add("  " + caller() + " " + entry.address() + " " + request));
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        servers.forEach(server -> text.append(server).append('\n'));
        text.append('\n');
        if (bridge != null) {
            table.row("bridge", "bridge", "", listens(bridge.endpoint()), "ready");
        }
        text.append(table.text()).append('\n');
        if (bridge == null) {
            text.append(
                    "There is no bridge: only verticles in this program can send requests. To add one:\n"
                            + "  \"bridge\": {\"port\": 7000, \"call\": [{\"address\": \"polywire.mongodb\", \"actions\": [\"ping\"]}]}\n");
        } else if (requests.isEmpty()) {
            text.append("Without a login nobody may send a request to a connector: docs/bridge.md.\n");
        } else {
            text.append("Try:\n");
            requests.forEach(request -> text.append(request).append('\n'));
        }
        return text.toString();
    }

    private String listens(EndpointOptions endpoint) {
        return endpoint.at(port).target() + (endpoint.tls() == null ? "" : " (TLS)");
    }

    /** The command that reaches the bridge. The example in Python knows only the usual place, without TLS. */
    private String caller() {
        boolean secured = bridge != null && bridge.endpoint().tls() != null;
        String host = bridge == null || AT_HOME.contains(bridge.endpoint().host())
                ? USUAL_HOST
                : bridge.endpoint().host();
        return jar == null && host.equals(USUAL_HOST) && port == USUAL_PORT && !secured
                ? "python3 examples/python/polywire.py"
                : "java -jar " + (jar == null ? "target/polywire.jar" : jar) + " call"
                        + (host.equals(USUAL_HOST) ? "" : " --host " + host)
                        + (port == USUAL_PORT ? "" : " --port " + port)
                        + (secured ? " --tls-trust FILE" : "");
    }
}
