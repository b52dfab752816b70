package dev.polywire.framed.service;

import static org.awaitility.Awaitility.await;

import dev.polywire.core.bus.AskingConnectorContract;
import dev.polywire.core.bus.AskingWing;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The contract for the framed server: its peer connects, and connects again. */
class FramedServerContractTest extends AskingConnectorContract {

    /** As often as the load, more than is taken from a connector by a peer that does not read. */
    static final String HEAVY = "x".repeat(256 * 1024 - 16);
    /** A message that waits was not sent; one that was begun may have arrived. */
    static final Set<String> LOST = Set.of("CONNECTION_LOST", "UNKNOWN_OUTCOME");

    static final Set<String> LATE = Set.of("UNAVAILABLE", "TIMEOUT");

    @Override
    protected AskingWing wing() {
        return new Server();
    }

    private static final class Server implements AskingWing {

        private final Gate gate = new Gate(0);
        private Talker client;
        private FramedService service;

        @Override
        public String address() {
            return FramedBus.SERVER;
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            JsonObject config = new JsonObject().put("port", 0).mergeIn(settings);
            String id = Outcome.value(
                    vertx.deployVerticle(new FramedServerVerticle(), new DeploymentOptions().setConfig(config)));
            service = FramedService.proxy(vertx, FramedBus.SERVER);
            gate.leadTo(FramedBus.port(service));
            client = Talker.connecting(gate.port());
            return id;
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Call harmless() {
            return new Call("broadcast", new JsonObject().put("message", new JsonObject().put("value", "harmless")));
        }

        @Override
        public List<Call> load(int count) {
            JsonArray connections = await().until(() -> Outcome.value(service.connections()), all -> !all.isEmpty());
            JsonObject message = new JsonObject()
                    .put("connection", connections.getJsonObject(0).getString("id"))
                    .put("value", HEAVY);
            return Collections.nCopies(count, new Call("send", new JsonObject().put("message", message)));
        }

        @Override
        public Set<String> lost() {
            return LOST;
        }

        @Override
        public Set<String> late() {
            return LATE;
        }

        @Override
        public void produce(int count) {
            client.talk(count);
        }

        @Override
        public Call open() {
            return Call.of("open");
        }

        @Override
        public void close() {
            gate.close();
            if (client != null) {
                client.close();
            }
        }
    }
}
