package dev.polywire.amqp.service;

import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.bus.AskingWing;
import dev.polywire.core.bus.DiallingConnectorContract;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The contract for AMQP: a scripted broker, whose queues have ten messages for each consumer. */
class AmqpContractTest extends DiallingConnectorContract {

    @Override
    protected AskingWing wing() {
        return new Amqp();
    }

    private static final class Amqp implements AskingWing {

        private static final int MESSAGES = 10;

        private final Loop serving = new Loop();
        private final Gate gate = new Gate(serving.join(() -> new ScriptedBroker(
                        serving.vertx(), EndpointOptions.of("127.0.0.1", 0), (client, asked) -> {
                            if (!(asked.method() instanceof BasicMethod.Consume consume)) {
                                return false;
                            }
                            client.answer(asked);
                            for (int i = 1; i <= MESSAGES; i++) {
                                client.send(
                                        asked.channel(),
                                        new ContentMethod.Deliver(consume.consumerTag(), i, false, "", "queue"),
                                        new Content(Buffer.buffer("message " + i)));
                            }
                            return true;
                        })
                .listen()));

        @Override
        public String address() {
            return "polywire.amqp";
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            JsonObject config = new JsonObject()
                    .put("uri", "amqp://127.0.0.1:" + gate.port())
                    .mergeIn(settings);
            return Outcome.value(vertx.deployVerticle(new AmqpVerticle(), new DeploymentOptions().setConfig(config)));
        }

        @Override
        public JsonObject at(String host) {
            return new JsonObject().put("uri", "amqp://" + host + ":" + gate.port());
        }

        @Override
        public Gate gate() {
            return gate;
        }

        /** By both connections. */
        @Override
        public Call harmless() {
            return Call.of("ping");
        }

        /** Every other one changes something. */
        @Override
        public List<Call> load(int count) {
            JsonObject get =
                    new JsonObject().put("queue", "queue").put("options", new JsonObject().put("noAck", false));
            JsonObject publish = new JsonObject()
                    .put("message", new JsonObject().put("routingKey", "queue").put("text", "hi"));
            return IntStream.range(0, count)
                    .mapToObj(i -> i % 2 == 0 ? new Call("basicGet", get) : new Call("publish", publish))
                    .toList();
        }

        @Override
        public Set<String> lost() {
            return Set.of("CONNECTION_LOST", "UNKNOWN_OUTCOME");
        }

        @Override
        public Set<String> late() {
            return Set.of("TIMEOUT", "UNAVAILABLE");
        }

        @Override
        public void produce(int count) {}

        @Override
        public Call open() {
            return new Call("consume", new JsonObject().put("queue", "queue"));
        }

        @Override
        public void close() {
            gate.close();
            serving.close();
        }
    }
}
