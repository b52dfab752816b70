package dev.polywire.eventstore.session;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Asks for pages, again when a connection breaks, until the deadline of each. A page larger than a package may be ends the
 * connection that it comes on, so half of it is asked for then; a single event that is too large is a {@link ProtocolException}.
 *
 * @param <P> the place of an event
 */
final class PageQuestions<P extends Comparable<P>> {

    /** After so many good pages they may be larger again: events of one kind have one size. */
    private static final int GOOD_PAGES = 16;

    /** Bytes are seldom wrong for another reason than their number. */
    private static final int TRIES_OF_ONE = 3;

    private final Vertx vertx = Vertx.currentContext().owner();
    private final EventStoreClient client;
    private final EventSource source;
    private final EventPages<P> pages;
    private final FlowLimits limits;
    private int maxCount;
    private int goodPages;
    /** How often in a row a page of one event was no page. */
    private int wrongAlone;

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
                    ProtocolException wrong = violation(outcome.cause());
                    return Future.failedFuture(wrong == null ? outcome.cause() : wrong);
                });
    }

    /** The client sends it again itself, unless the bytes on the connection were wrong. */
    private boolean mayAgain(Throwable why) {
        if (violation(why) == null) {
            return why instanceof CallException lost && lost.hadNoEffect();
        }
        goodPages = 0;
        boolean may = maxCount > 1 || ++wrongAlone < TRIES_OF_ONE;
        maxCount = Math.max(1, maxCount / 2);
        return may;
    }

    /** What was wrong with the bytes that came in place of the page; null: nothing. */
    private static @Nullable ProtocolException violation(Throwable why) {
        return why instanceof CallException
                        && why.getCause() instanceof ProtocolException wrong
                        && Call.isViolation(wrong)
                ? wrong
                : null;
    }

    private void grow() {
        wrongAlone = 0;
        if (maxCount < limits.pageSize() && ++goodPages >= GOOD_PAGES) {
            goodPages = 0;
            maxCount = Math.min(limits.pageSize(), 2 * maxCount);
        }
    }
}
