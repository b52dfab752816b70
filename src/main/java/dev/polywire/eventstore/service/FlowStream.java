package dev.polywire.eventstore.service;

import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.eventstore.session.EventFlow;
import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.session.Resume;
import dev.polywire.eventstore.wire.RawEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.function.Consumer;

/** A flow of events as a stream on the bus. */
final class FlowStream<F extends EventFlow> implements StreamSource {

    private final F flow;
    private final StreamForm form;
    private final boolean text;
    private final Consumer<F> closed;

    /**
     * @param text whether data that are no JSON are given as text
     * @param closed is told when the stream is closed
     */
    FlowStream(F flow, StreamForm form, boolean text, Consumer<F> closed) {
        this.flow = flow;
        this.form = form;
        this.text = text;
        this.closed = closed;
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        return flow.pull(max, maxBytes).map(this::page);
    }

    private Page page(EventFlow.Events events) {
        JsonArray items = new JsonArray();
        for (ReceivedEvent each : events.events()) {
            items.add(form == StreamForm.RAW ? raw(each) : EventJson.of(each, text));
        }
        Resume resume = events.resume();
        return new Page(
                items,
                events.done(),
                JsonWeight.items(items.getList()),
                resume == null ? null : ReadOptions.json(resume));
    }

    private static Object raw(ReceivedEvent event) {
        return RawEvent.of(event.event(), event.link(), event.position());
    }

    @Override
    public long heldBytes() {
        return flow.heldBytes();
    }

    @Override
    public Future<Void> close() {
        closed.accept(flow);
        return flow.close();
    }
}
