package dev.polywire.bench;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.eventstore.service.EventStoreService;
import dev.polywire.eventstore.service.EventStoreVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The same as {@link EventStoreLoad} by the connector's proxy. */
abstract class EventStoreOnBus implements Load {

    @Nullable
    Vertx vertx;

    @Nullable
    EventStoreService service;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        service = EventStoreService.proxy(vertx, "polywire.eventstore");
        return vertx.deployVerticle(
                new EventStoreVerticle(),
                new DeploymentOptions()
                        .setConfig(new JsonObject()
                                .put("port", port)
                                .put("user", "admin")
                                .put("password", "changeit")));
    }

    /** One event an append, whose data are base64, which counts. */
    static final class Appending extends EventStoreOnBus {

        private static final long ANY = -2;

        private final byte[] data = new byte[EventStoreLoad.EVENT_BYTES];

        @Override
        public void run(Window window) {
            window.open(() -> service.append("appended", ANY, List.of(event()), null)
                    .onComplete(answer -> {
                        if (answer.succeeded()) {
                            window.ended();
                        } else {
                            window.failed(answer.cause());
                        }
                    }));
        }

        private JsonObject event() {
            return new JsonObject()
                    .put("eventId", UUID.randomUUID().toString())
                    .put("eventType", "event")
                    .put("data", Base64.getEncoder().encodeToString(data));
        }
    }

    /** All events of a stream. */
    abstract static class Reading extends EventStoreOnBus {

        private static final int MAX = 500;

        private final String form;

        Reading(String form) {
            this.form = form;
        }

        /** What one item has. */
        abstract int events(Object item);

        @Override
        public void run(Window window) {
            service.open("scripted", new JsonObject().put("form", form))
                    .onSuccess(handle -> new StreamReader(vertx, handle, MAX, StreamService.DEFAULT_WAIT_MILLIS)
                            .exceptionHandler(window::failed)
                            .handler(item -> window.ended(events(item))))
                    .onFailure(window::failed);
        }
    }

    static final class Json extends Reading {

        Json() {
            super("json");
        }

        @Override
        int events(Object item) {
            return ((JsonObject) item).containsKey("eventNumber") ? 1 : 0;
        }
    }

    /** Messages of the protocol, behind their lengths. */
    static final class Raw extends Reading {

        Raw() {
            super("raw");
        }

        @Override
        int events(Object item) {
            Buffer records = (Buffer) item;
            int count = 0;
            for (int at = 0; at < records.length(); at += Integer.BYTES + records.getInt(at)) {
                count++;
            }
            return count;
        }
    }
}
