package dev.polywire.bench;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.session.EventStoreClient;
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
import org.jspecify.annotations.Nullable;

/** Our EventStore client. Each call has a deadline of its own, as a request on the bus has. */
abstract class EventStoreLoad implements Load {

    static final int EVENT_BYTES = 1_024;
    static final int SLICE_EVENTS = 4_096;
    static final int SLICES_IN_FLIGHT = 2;

    private static final long ANY = -2;
    private static final int PAGE_EVENTS = 500;
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

    Future<EventStoreMessage> ask(EventStoreMessage question, Repetition repetition) {
        Deadline deadline = Deadline.after(vertx, PATIENCE_MILLIS);
        return client.send(new EventStoreCall(question, question.command().answer(), null, deadline), repetition)
                .onComplete(answer -> deadline.met());
    }

    static ReadMessage.ReadStreamEvents page(long from, int maxCount) {
        return new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, "scripted", from, maxCount, false, true);
    }

    /** One event an append. */
    static final class Appending extends EventStoreLoad {

        private final Buffer data = Buffer.buffer(new byte[EVENT_BYTES]);
        private final Buffer metadata = Buffer.buffer();

        @Override
        public void run(Window window) {
            window.open(() -> ask(append(), Repetition.ONCE)
                    .onSuccess(done -> window.ended())
                    .onFailure(window::failed));
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
            slices.open(() -> ask(page(0, SLICE_EVENTS), Repetition.READ)
                    .onSuccess(read -> {
                        count((ReadMessage.ReadStreamEventsCompleted) read);
                        slices.ended();
                    })
                    .onFailure(slices::failed));
        }

        private static void count(ReadMessage.ReadStreamEventsCompleted read) {
            if (read.events().size() != SLICE_EVENTS) {
                throw new IllegalStateException("events: " + read.events().size());
            }
        }
    }

    /** Page by page to the end. */
    static final class CatchingUp extends EventStoreLoad {

        @Override
        public void run(Window window) {
            next(0, window);
        }

        private void next(long from, Window window) {
            ask(page(from, PAGE_EVENTS), Repetition.READ)
                    .onSuccess(read -> {
                        var page = (ReadMessage.ReadStreamEventsCompleted) read;
                        window.ended(page.events().size());
                        if (!page.isEndOfStream()) {
                            next(page.nextEventNumber(), window);
                        }
                    })
                    .onFailure(window::failed);
        }
    }
}
