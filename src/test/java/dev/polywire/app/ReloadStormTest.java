package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One field of one part changes, in every part and often: that part is replaced, and no other. */
@Timeout(120)
class ReloadStormTest {

    private static final int REWRITES = 100;
    private static final String BRIDGE = "bridge";
    private static final Pattern CHANGED = Pattern.compile("configuration changed: (\\S+)");

    /** What changed is said at a level that tests do not print. */
    private static final Logger SAID = Logger.getLogger("dev.polywire");

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final Map<String, Integer> maxRequests = new TreeMap<>();
    private LoggedTraces log;
    private Vertx vertx;
    private Written written;
    private Program program;

    @BeforeEach
    void open() {
        log = new LoggedTraces();
        SAID.setLevel(Level.INFO);
        vertx = Vertx.vertx();
        written = new Written(vertx, directory);
        for (Protocol each : Protocol.values()) {
            maxRequests.put(each.type(), 1_000);
        }
        maxRequests.put(BRIDGE, 1_000);
        program = Outcome.value(Program.start(vertx, configuration()));
    }

    @AfterEach
    void close() {
        Outcome.value(program.stop());
        Outcome.value(vertx.close());
        SAID.setLevel(null);
        log.close();
    }

    @Test
    void onlyWhatChangedIsReplaced() {
        List<String> parts = new ArrayList<>(maxRequests.keySet());
        List<String> expected = new ArrayList<>();
        try (FramedPeer client = FramedPeer.connect(port)) {
            for (int i = 0; i < REWRITES; i++) {
                String part = parts.get(i % parts.size());
                maxRequests.merge(part, 1, Integer::sum);
                Map<String, String> before = instances();
                Outcome.value(program.reload(configuration()));
                Map<String, String> after = instances();
                expected.add(part);
                assertEquals(expected, changes());
                assertEquals(part.equals(BRIDGE) ? List.of() : List.of(part), different(before, after));
            }
            client.send("{\"type\":\"ping\"}");
            assertEquals("pong", new JsonObject(client.text()).getString("type"), "the bridge changes in place");
        }
    }

    @Test
    void nothingIsReplacedWhenTheFileIsWrittenAgain() {
        Map<String, String> before = instances();
        for (int i = 0; i < REWRITES; i++) {
            Outcome.value(program.reload(configuration()));
        }
        assertEquals(List.of(), changes());
        assertEquals(before, instances());
    }

    private Configuration configuration() {
        StringBuilder text = new StringBuilder("connectors:\n");
        for (Protocol each : Protocol.values()) {
            // Nobody is at port 1; a server takes any.
            String place = switch (each) {
                case AMQP -> "uri: 'amqp://127.0.0.1:1'";
                case BOLT -> "uri: 'bolt://127.0.0.1:1'";
                case BOLT_SERVER -> "port: 0, handler: nobody";
                default -> "port: " + (each.listens() ? 0 : 1);
            };
            text.append("- {type: %1$s, name: %1$s, %2$s, maxRequests: %3$d}%n"
                    .formatted(each.type(), place, maxRequests.get(each.type())));
        }
        text.append("bridge: {port: %d, maxRequestsPerSocket: %d, call: [{address: polywire.amqp, actions: '*'}]}%n"
                .formatted(port, maxRequests.get(BRIDGE)));
        Configuration read = written.yaml(text.toString());
        assertEquals("[]", read.complaints().toString());
        return read;
    }

    private List<String> changes() {
        return CHANGED.matcher(log.text()).results().map(each -> each.group(1)).toList();
    }

    /** Of each connector; a replaced one has another. */
    private Map<String, String> instances() {
        Map<String, String> instances = new TreeMap<>();
        for (Protocol each : Protocol.values()) {
            JsonObject status = Outcome.value(vertx.eventBus()
                            .<JsonObject>request(
                                    "polywire." + each.type(),
                                    new JsonObject(),
                                    new DeliveryOptions().addHeader("action", "status")))
                    .body();
            instances.put(each.type(), status.getString("instance"));
        }
        return instances;
    }

    private static List<String> different(Map<String, String> before, Map<String, String> after) {
        return before.keySet().stream()
                .filter(name -> !before.get(name).equals(after.get(name)))
                .toList();
    }
}
