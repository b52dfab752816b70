package dev.polywire.eventstore.session;

import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Asks for pages, each until its deadline. The client asks again when a connection breaks, and for fewer events when a page is larger
 * than a package may be: so a page may have fewer than were asked for, and is the end only where it says so.
 *
 * @param <P> the place of an event
 */
record PageQuestions<P extends Comparable<P>>(
        EventStoreClient client, EventSource source, EventPages<P> pages, FlowLimits limits) {

    /** @return fails as each call; LIMIT, when a single event is larger than a package may be */
    Future<EventPage<P>> ask(P from) {
        Deadline deadline = Deadline.after(Vertx.currentContext().owner(), limits.pageDeadlineMillis());
        EventStoreMessage question = pages.question(from, limits.pageSize());
        EventStoreCall call = new EventStoreCall(question, source.credentials(), deadline);
        return client.send(call, Repetition.READ)
                .onComplete(over -> deadline.met())
                .map(pages::page);
    }
}
