package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.session.EventFlow.Events;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Pulls a flow, and remembers what it got. */
final class FlowReader {

    private static final int MAX_BYTES = 1024 * 1024;

    final EventFlow flow;
    /** The data of the events; "gone" of a link that leads nowhere. */
    final List<String> data = Collections.synchronizedList(new ArrayList<>());

    final List<Resume> places = Collections.synchronizedList(new ArrayList<>());
    /** How many events were before each of them. */
    final List<Integer> counts = Collections.synchronizedList(new ArrayList<>());

    volatile Throwable failed;
    volatile boolean done;
    private final Context context;

    FlowReader(Context context, EventFlow flow) {
        this.context = context;
        this.flow = flow;
    }

    CatchUpFlow catchUp() {
        return (CatchUpFlow) flow;
    }

    /** Pulls until the end. */
    FlowReader all(int max) {
        context.runOnContext(now -> further(max));
        return this;
    }

    private void further(int max) {
        flow.pull(max, MAX_BYTES)
                .onSuccess(events -> {
                    got(events);
                    if (!events.done()) {
                        // Not one in the other: a flow that has everything would fill the stack.
                        context.runOnContext(now -> further(max));
                    }
                })
                .onFailure(why -> failed = why);
    }

    /** Pulls once. */
    Events pull(int max) {
        return Outcome.on(context, () -> flow.pull(max, MAX_BYTES).onSuccess(this::got));
    }

    /** What a pull fails with. */
    Throwable failure() {
        return Outcome.failure(Future.future(
                outcome -> context.runOnContext(now -> flow.pull(1, MAX_BYTES).onComplete(outcome))));
    }

    private void got(Events events) {
        events.events()
                .forEach(each -> data.add(
                        each.event() == null ? "gone" : each.event().data().toString()));
        if (events.resume() != null) {
            counts.add(data.size());
            places.add(events.resume());
        }
        done = events.done();
    }

    /** Where it is. */
    Resume place() {
        return places.get(places.size() - 1);
    }

    FlowReader awaitCount(int count) {
        await().until(() -> data.size() >= count || failed != null);
        return this;
    }

    FlowReader awaitEnd() {
        await().until(() -> done || failed != null);
        return this;
    }

    FlowReader awaitLive() {
        await().until(() ->
                Outcome.on(context, () -> Future.succeededFuture(catchUp().isLive())));
        return this;
    }

    /** The events had these numbers as their data, each once and in order. */
    void gave(int first, int count) {
        assertEquals(
                IntStream.range(first, first + count)
                        .mapToObj(Integer::toString)
                        .toList(),
                List.copyOf(data));
    }

    void close() {
        Outcome.on(context, flow::close);
    }
}
