package dev.polywire.bench;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.session.CatchUpFlow;
import dev.polywire.eventstore.session.EventSource;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.FlowLimits;
import dev.polywire.eventstore.session.Repetition;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Our EventStore client. Each call has a deadline of its own, as a request on the bus has. */
abstract class EventStoreLoad implements Load {

    static final int EVENT_BYTES = 1_024;
    static final int SLICE_EVENTS = 4_096;
    static final int SLICES_IN_FLIGHT = 2;

    private static final long ANY = -2;
    private static final String STREAM = "scripted";
    private static final int MAX_EVENTS = 500;
    private static final int MAX_BYTES = 1024 * 1024;
    private static final long PATIENCE_MILLIS = 25_000;

    private @Nullable Vertx vertx;

    @Nullable
    EventStoreClient client;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        client = new EventStoreClient(
                vertx,
                EndpointOptions.of("127.0.0.1", port),
                EventStoreClientOptions.of(new UserCredentials.Password("admin", "changeit")),
                Spi.NONE,
                (state, cause) -> {});
        return client.start();
    }

    /** @param answered when it succeeds; else the window fails */
    void ask(EventStoreMessage question, Repetition repetition, Window window, Consumer<EventStoreMessage> answered) {
        Deadline deadline = Deadline.after(vertx, PATIENCE_MILLIS);
        client.send(new EventStoreCall(question, null, deadline), repetition).onComplete(answer -> {
            deadline.met();
            if (answer.succeeded()) {
                answered.accept(answer.result());
            } else {
                window.failed(answer.cause());
            }
        });
    }

    /** One event an append. */
    static final class Appending extends EventStoreLoad {

        private final Buffer data = Buffer.buffer(new byte[EVENT_BYTES]);
        private final Buffer metadata = Buffer.buffer();

        @Override
        public void run(Window window) {
            window.open(() -> ask(append(), Repetition.ONCE, window, done -> window.ended()));
        }

        private WriteMessage.WriteEvents append() {
            NewEvent event = new NewEvent(UUID.randomUUID(), "event", NewEvent.BINARY, data, metadata);
            return new WriteMessage.WriteEvents("appended", ANY, List.of(event), true);
        }
    }

    /** The same slice again and again. */
    static final class Slices extends EventStoreLoad {

        @Override
        public void run(Window window) {
            Window slices = new Window(window.operations() / SLICE_EVENTS, SLICES_IN_FLIGHT);
            slices.over().onSuccess(over -> window.ended(window.operations())).onFailure(window::failed);
            ReadMessage slice =
                    new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, STREAM, 0, SLICE_EVENTS, false, true);
            slices.open(() -> ask(slice, Repetition.READ, slices, read -> {
                requireAll(((ReadMessage.ReadStreamEventsCompleted) read).events());
                slices.ended();
            }));
        }

        private static void requireAll(List<?> events) {
            if (events.size() != SLICE_EVENTS) {
                throw new IllegalStateException("events: " + events.size());
            }
        }
    }

    /** All that there is, by a subscription that is closed when it has it. */
    static final class CatchingUp extends EventStoreLoad {

        private final EventSource source =
                new EventSource(STREAM, false, true, null, 0, EventSource.CHECKPOINT_INTERVAL, null);

        @Override
        public void run(Window window) {
            next(CatchUpFlow.open(client, source, null, FlowLimits.DEFAULT), window, window.operations());
        }

        private void next(CatchUpFlow flow, Window window, int left) {
            flow.pull(MAX_EVENTS, MAX_BYTES)
                    .onSuccess(pulled -> {
                        int count = pulled.events().size();
                        if (count < left) {
                            next(flow, window, left - count);
                        } else {
                            flow.close();
                        }
                        window.ended(count);
                    })
                    .onFailure(window::failed);
        }
    }
}
