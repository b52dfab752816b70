package dev.polywire.eventstore.service;

import dev.polywire.core.bus.AskingWing;
import dev.polywire.core.bus.DiallingConnectorContract;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The contract for EventStore: a server of ours, with one stream that is read, and one that is written to. */
class EventStoreContractTest extends DiallingConnectorContract {

    @Override
    protected AskingWing wing() {
        return new EventStore();
    }

    private static final class EventStore implements AskingWing {

        private static final long ANY = -2;

        private final LocalEventStore store = LocalEventStore.start();
        private final Gate gate = new Gate(store.port());

        @Override
        public String address() {
            return EventStoreBus.ADDRESS;
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            JsonObject config =
                    EventStoreBus.ADMIN.copy().put("port", gate.port()).mergeIn(settings);
            return Outcome.value(
                    vertx.deployVerticle(new EventStoreVerticle(), new DeploymentOptions().setConfig(config)));
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Call harmless() {
            return Call.of("ping");
        }

        /** Every other one changes something, and must not be repeated. */
        @Override
        public List<Call> load(int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> i % 2 == 0 ? new Call("readAll", new JsonObject()) : append("written", 1))
                    .toList();
        }

        private static Call append(String stream, int events) {
            JsonArray all = new JsonArray();
            IntStream.range(0, events).forEach(i -> all.add(EventStoreBus.event()));
            return new Call(
                    "append",
                    new JsonObject()
                            .put("streamId", stream)
                            .put("expectedVersion", ANY)
                            .put("events", all));
        }

        /** A read is sent again. */
        @Override
        public Set<String> lost() {
            return Set.of("UNKNOWN_OUTCOME", "CONNECTION_LOST");
        }

        @Override
        public Set<String> late() {
            return Set.of("TIMEOUT", "UNAVAILABLE");
        }

        /** By a connector of its own. */
        @Override
        public void produce(int count) {
            Vertx writing = Vertx.vertx();
            JsonObject config = new JsonObject().put("port", store.port());
            Outcome.value(writing.deployVerticle(new EventStoreVerticle(), new DeploymentOptions().setConfig(config)));
            List<JsonObject> events = IntStream.range(0, count)
                    .mapToObj(i -> EventStoreBus.event())
                    .toList();
            Outcome.value(EventStoreService.proxy(writing, address()).append("read", ANY, events, null));
            Outcome.value(writing.close());
        }

        /** A subscription, which begins before there is a stream. */
        @Override
        public Call open() {
            return new Call("subscribeToStreamFrom", new JsonObject().put("streamId", "read"));
        }

        @Override
        public void close() {
            gate.close();
            store.close();
        }
    }
}
