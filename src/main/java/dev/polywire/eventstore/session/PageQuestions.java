package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Asks for pages, again when a connection breaks, until the deadline of each. A page larger than a package may be ends the
 * connection that it comes on, so half of it is asked for then; a single event that is too large is a {@link ProtocolException}.
 *
 * @param <P> the place of an event
 */
final class PageQuestions<P extends Comparable<P>> {

    /** After so many good pages they may be larger again: events of one kind have one size. */
    private static final int GOOD_PAGES = 16;

    private final Vertx vertx = Vertx.currentContext().owner();
    private final EventStoreClient client;
    private final EventSource source;
    private final EventPages<P> pages;
    private final FlowLimits limits;
    private int maxCount;
    private int goodPages;

    PageQuestions(EventStoreClient client, EventSource source, EventPages<P> pages, FlowLimits limits) {
        this.client = client;
        this.source = source;
        this.pages = pages;
        this.limits = limits;
        this.maxCount = limits.pageSize();
    }

    /** One at a time. @return fails as each call */
    Future<EventPage<P>> ask(P from) {
        return ask(from, Deadline.after(vertx, limits.pageDeadlineMillis()));
    }

    private Future<EventPage<P>> ask(P from, Deadline deadline) {
        EventStoreMessage question = pages.question(from, maxCount);
        TcpCommand answer = TcpCommand.valueOf(question.command().name() + "_COMPLETED");
        return client.send(new EventStoreCall(question, answer, source.credentials(), deadline), Repetition.READ)
                .transform(outcome -> {
                    if (outcome.succeeded()) {
                        deadline.met();
                        grow();
                        return Future.succeededFuture(pages.page(outcome.result()));
                    }
                    if (mayAgain(outcome.cause()) && !deadline.expired()) {
                        // The client learns of the lost connection in this turn, after its calls.
                        return Future.future(later ->
                                vertx.runOnContext(now -> ask(from, deadline).onComplete(later)));
                    }
                    deadline.met();
                    return Future.failedFuture(
                            tooLarge(outcome.cause()) ? outcome.cause().getCause() : outcome.cause());
                });
    }

    /** The client sends it again itself, unless the bytes on the connection were wrong. */
    private boolean mayAgain(Throwable why) {
        if (!tooLarge(why)) {
            return why instanceof CallException lost && lost.reason() == CallException.Reason.CONNECTION_LOST;
        }
        boolean may = maxCount > 1;
        maxCount = Math.max(1, maxCount / 2);
        goodPages = 0;
        return may;
    }

    private static boolean tooLarge(Throwable why) {
        return why instanceof CallException
                && why.getCause() instanceof ProtocolException wrong
                && wrong.kind() == ProtocolException.Kind.LIMIT;
    }

    private void grow() {
        if (maxCount < limits.pageSize() && ++goodPages >= GOOD_PAGES) {
            goodPages = 0;
            maxCount = Math.min(limits.pageSize(), 2 * maxCount);
        }
    }
}
