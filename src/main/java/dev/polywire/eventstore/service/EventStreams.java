package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.session.CatchUpFlow;
import dev.polywire.eventstore.session.EventFlow;
import dev.polywire.eventstore.session.EventSource;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.FlowLimits;
import dev.polywire.eventstore.session.PagedRead;
import dev.polywire.eventstore.session.Resume;
import dev.polywire.eventstore.session.VolatileFlow;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.ReadDirection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the streams of {@link EventStoreService} whose items need no settlement. */
final class EventStreams {

    private static final int MAX_WINDOW = 1_000_000;

    private final Connector connector;
    private final EventStoreClient client;
    private final EventStoreOptions configured;
    /** The catch-up subscriptions that are open, with the names of their streams. */
    private final Map<CatchUpFlow, String> catchingUp = new LinkedHashMap<>();

    EventStreams(Connector connector, EventStoreClient client, EventStoreOptions configured) {
        this.connector = connector;
        this.client = client;
        this.configured = configured;
    }

    /** What all three say, read out of the options. */
    private record Wish(EventSource source, FlowLimits limits, StreamForm form, boolean text) {}

    private Wish wish(String streamId, Fields json) {
        boolean all = streamId.equals(ReadOptions.ALL);
        Filter filter = FilterJson.read(json);
        if (filter != null && !all) {
            throw json.complaint("filter", "of one stream (expected: of " + ReadOptions.ALL + ")");
        }
        EventSource source = new EventSource(
                all ? null : WriteJson.stream("streamId", streamId),
                ReadOptions.resolveLinkTos(json),
                json.flag("requireLeader", configured.requireLeader()),
                filter,
                json.int32("maxSearchWindow", 0, 0, MAX_WINDOW),
                json.int32("checkpointInterval", EventSource.CHECKPOINT_INTERVAL, 1, MAX_WINDOW),
                null);
        FlowLimits limits = configured
                .flow()
                .paged(json.int32("maxCount", configured.flow().pageSize(), 1, EventStoreOptions.MAX_PAGE_EVENTS));
        StreamForm form = json.oneOf("form", StreamForm.class, StreamForm.JSON);
        return new Wish(source, limits, form, ReadOptions.text(json));
    }

    Future<JsonObject> read(String streamId, @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        Wish wish = wish(streamId, json);
        ReadDirection direction = ReadOptions.direction(json);
        Resume from = from(json, wish.source().streamId() == null, direction);
        json.done();
        return open(wish, () -> PagedRead.open(client, wish.source(), direction, from, wish.limits()), ended -> {});
    }

    private static @Nullable Resume from(Fields json, boolean all, ReadDirection direction) {
        if (json.has("resume")) {
            return ReadOptions.resume(json.object("resume"), all);
        }
        String other = all ? "fromEventNumber" : "position";
        if (json.has(other)) {
            throw json.complaint(
                    other, all ? "of one stream (expected: position)" : "of all events (expected: fromEventNumber)");
        }
        if (!json.has(all ? "position" : "fromEventNumber")) {
            return null;
        }
        return all
                ? Resume.behind(ReadOptions.position(json, direction))
                : Resume.at(ReadOptions.from(json, direction));
    }

    Future<JsonObject> subscribe(String streamId, @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        Wish wish = wish(streamId, json);
        json.done();
        Deadline deadline = connector.requests().current().deadline();
        return connector.streams().open(wish.form(), () -> {
            VolatileFlow flow = VolatileFlow.open(client, wish.source(), wish.limits(), deadline);
            return flow.confirmed().map(begun -> new FlowStream<>(flow, wish.form(), wish.text(), ended -> {}));
        });
    }

    Future<JsonObject> catchUp(String streamId, @Nullable JsonObject resume, @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        Wish wish = wish(streamId, json);
        json.done();
        Resume from = resume == null
                ? null
                : ReadOptions.resume(Fields.at("resume", resume), wish.source().streamId() == null);
        return open(
                wish,
                () -> {
                    CatchUpFlow flow = CatchUpFlow.open(client, wish.source(), from, wish.limits());
                    catchingUp.put(flow, streamId);
                    return flow;
                },
                catchingUp::remove);
    }

    private <F extends EventFlow> Future<JsonObject> open(Wish wish, Supplier<F> opening, Consumer<F> closed) {
        return connector
                .streams()
                .open(
                        wish.form(),
                        () -> Future.succeededFuture(
                                new FlowStream<>(opening.get(), wish.form(), wish.text(), closed)));
    }

    /** Each catch-up subscription: {@code {streamId, state, resume, overflows, restarts}}, the state {@code behind} or {@code live}. */
    JsonArray status() {
        JsonArray all = new JsonArray();
        catchingUp.forEach((flow, streamId) -> {
            Resume place = flow.place();
            all.add(new JsonObject()
                    .put("streamId", streamId)
                    .put("state", flow.isLive() ? "live" : "behind")
                    .put("resume", place == null ? null : ReadOptions.json(place))
                    .put("overflows", flow.overflows())
                    .put("restarts", flow.restarts()));
        });
        return all;
    }
}
