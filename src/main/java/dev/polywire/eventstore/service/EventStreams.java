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

    /** What is opened, read out of the options. */
    private record Wish(EventSource source, FlowLimits limits, StreamForm form, boolean text) {}

    /** What all three read. */
    private static EventSource source(String streamId, Fields json) {
        Filter filter = FilterJson.read(json);
        if (filter != null && !isAll(streamId)) {
            throw json.complaint("filter", "of one stream (expected: of " + ReadOptions.ALL + ")");
        }
        EventSource links =
                isAll(streamId) ? EventSource.all() : EventSource.stream(WriteJson.stream("streamId", streamId));
        EventSource source = ReadOptions.resolveLinkTos(json) ? links.resolvingLinks() : links;
        return filter == null ? source : source.filtered(filter);
    }

    private static boolean isAll(String streamId) {
        return streamId.equals(ReadOptions.ALL);
    }

    /** What has pages reads besides how they are read. */
    private EventSource paged(EventSource source, Fields json) {
        EventSource read = json.flag("requireLeader", configured.requireLeader()) ? source.atLeader() : source;
        return source.streamId() != null
                ? read
                : read.searching(json.int32("maxSearchWindow", EventSource.PAGE_WINDOW, 1, Integer.MAX_VALUE));
    }

    /** What is pushed by a filter reads besides how often it says how far it is. */
    private static EventSource pushed(EventSource source, Fields json) {
        return source.streamId() != null
                ? source
                : source.reporting(json.int32(
                        "checkpointInterval", EventSource.CHECKPOINT_INTERVAL, 1, EventSource.MAX_CHECKPOINT_INTERVAL));
    }

    private FlowLimits pages(Fields json) {
        return configured
                .flow()
                .paged(json.int32("maxCount", configured.flow().pageSize(), 1, EventStoreOptions.MAX_PAGE_EVENTS));
    }

    /** The options have nothing more. */
    private static Wish wish(EventSource source, FlowLimits limits, Fields json) {
        StreamForm form = json.oneOf("form", StreamForm.class, StreamForm.JSON);
        boolean text = ReadOptions.text(json);
        json.done();
        return new Wish(source, limits, form, text);
    }

    Future<JsonObject> read(String streamId, @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        EventSource source = paged(source(streamId, json), json);
        ReadDirection direction = ReadOptions.direction(json);
        Resume from = from(json, isAll(streamId), direction);
        Wish wish = wish(source, pages(json), json);
        return open(wish, () -> PagedRead.open(client, source, direction, from, wish.limits()), ended -> {});
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
        Wish wish = wish(pushed(source(streamId, json), json), configured.flow(), json);
        Deadline deadline = connector.requests().current().deadline();
        return connector.streams().open(wish.form(), () -> {
            VolatileFlow flow = VolatileFlow.open(client, wish.source(), wish.limits(), deadline);
            return flow.confirmed().map(begun -> new FlowStream<>(flow, wish.form(), wish.text(), ended -> {}));
        });
    }

    Future<JsonObject> catchUp(String streamId, @Nullable JsonObject resume, @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        Wish wish = wish(pushed(paged(source(streamId, json), json), json), pages(json), json);
        Resume from = resume == null ? null : ReadOptions.resume(Fields.at("resume", resume), isAll(streamId));
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
