package dev.polywire.framed.service;

import dev.polywire.core.bus.AskingWing;
import dev.polywire.core.bus.DiallingConnectorContract;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The contract for the framed client: its peer reads everything, and talks when it is told to. */
class FramedClientContractTest extends DiallingConnectorContract {

    @Override
    protected AskingWing wing() {
        return new Client();
    }

    private static final class Client implements AskingWing {

        private final Talker server = Talker.listening();
        private final Gate gate = new Gate(server.port());

        @Override
        public String address() {
            return FramedBus.CLIENT;
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            JsonObject config = new JsonObject().put("port", gate.port()).mergeIn(settings);
            return Outcome.value(
                    vertx.deployVerticle(new FramedClientVerticle(), new DeploymentOptions().setConfig(config)));
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Call harmless() {
            return send("harmless");
        }

        @Override
        public List<Call> load(int count) {
            return Collections.nCopies(count, send(FramedServerContractTest.HEAVY));
        }

        private static Call send(String value) {
            return new Call("send", new JsonObject().put("message", new JsonObject().put("value", value)));
        }

        @Override
        public Set<String> lost() {
            return FramedServerContractTest.LOST;
        }

        @Override
        public Set<String> late() {
            return FramedServerContractTest.LATE;
        }

        @Override
        public void produce(int count) {
            server.talk(count);
        }

        @Override
        public Call open() {
            return Call.of("open");
        }

        @Override
        public void close() {
            gate.close();
            server.close();
        }
    }
}
