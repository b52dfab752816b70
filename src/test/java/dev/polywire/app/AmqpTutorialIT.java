package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.service.AmqpVerticle;
import dev.polywire.core.bus.Polywire;
import dev.polywire.examples.Readme;
import dev.polywire.examples.amqp.Direct;
import dev.polywire.examples.amqp.Fanout;
import dev.polywire.examples.amqp.Hello;
import dev.polywire.examples.amqp.Rpc;
import dev.polywire.examples.amqp.Topic;
import dev.polywire.examples.amqp.WorkQueue;
import dev.polywire.testing.Outcome;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The six tutorials of docs/amqp.md, in Java on the bus and in Python through the bridge: both print what the page says. */
@ExtendWith(Brokers.class)
@Timeout(300)
class AmqpTutorialIT {

    private static final Map<String, Function<Consumer<String>, Deployable>> JAVA = Map.of(
            "output: hello", Hello::new,
            "output: work_queue", WorkQueue::new,
            "output: fanout", Fanout::new,
            "output: direct", Direct::new,
            "output: topic", Topic::new,
            "output: rpc", Rpc::new);

    @ParameterizedTest
    @MethodSource("shown")
    void inJava(String marker, Broker broker) {
        Vertx vertx = Polywire.install(Vertx.vertx());
        try {
            Outcome.value(
                    vertx.deployVerticle(new AmqpVerticle(), new DeploymentOptions().setConfig(connector(broker))));
            List<String> printed = new CopyOnWriteArrayList<>();
            Outcome.value(vertx.deployVerticle(JAVA.get(marker).apply(printed::add)));
            assertEquals(page(marker), printed);
        } finally {
            Outcome.value(vertx.close());
        }
    }

    @Test
    void inPython(Broker broker, @TempDir Path directory) throws Exception {
        assumeTrue(Python.isInstalled(), "python3 is not installed");
        int port = ProgramProcess.freePorts(1)[0];
        JsonObject bridge = new JsonObject()
                .put("port", port)
                .put(
                        "call",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("address", "polywire.amqp")
                                        .put("actions", "*")));
        JsonObject configuration = new JsonObject()
                .put("connectors", new JsonArray().add(connector(broker).put("type", "amqp")))
                .put("bridge", bridge);
        Path file = Files.writeString(directory.resolve("amqp.json"), configuration.encode());
        try (ProgramProcess program = ProgramProcess.start(file)) {
            program.await("Polywire is up.");
            for (String marker : shown()) {
                String script = marker.replace("output: ", "amqp_") + ".py";
                assertEquals(page(marker), Python.run(script, Integer.toString(port)), script);
            }
            program.terminate();
            program.await("stopped");
        }
    }

    private static JsonObject connector(Broker broker) {
        return new JsonObject()
                .put("uri", "amqp://" + broker.host() + ":" + broker.port())
                .put("virtualHost", broker.virtualHost())
                .put("user", broker.user())
                .put("password", broker.password());
    }

    private static List<String> shown() {
        return List.of(
                "output: hello",
                "output: work_queue",
                "output: fanout",
                "output: direct",
                "output: topic",
                "output: rpc");
    }

    private static List<String> page(String marker) {
        return Readme.block("docs/amqp.md", marker);
    }
}
