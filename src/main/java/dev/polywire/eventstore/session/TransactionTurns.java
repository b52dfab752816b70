package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.WaitingLine;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiFunction;

/**
 * The calls of one transaction, one at a time: one that is sent again must not come behind another that was asked for later. What waits
 * behind a call that fails is not sent. Belongs to one context.
 */
final class TransactionTurns {

    private record InTurn(EventStoreCall call, Repetition repetition, Promise<EventStoreMessage> done) {}

    private final EventStoreClient client;
    private final BiFunction<EventStoreCall, Throwable, RuntimeException> meaning;
    private final WaitingLine line = new WaitingLine(
            Vertx.currentContext().owner(), "eventstore operations behind others of their transaction", this::drop);
    private final ArrayDeque<InTurn> waiting = new ArrayDeque<>();
    private boolean inFlight;

    /** @param meaning the failure of a call for its transaction; asked before anybody hears of it */
    TransactionTurns(EventStoreClient client, BiFunction<EventStoreCall, Throwable, RuntimeException> meaning) {
        this.client = client;
        this.meaning = meaning;
    }

    /** @return fails with what the failure means; with UNAVAILABLE when it was not sent, since another was not */
    Future<EventStoreMessage> send(EventStoreCall call, Repetition repetition) {
        InTurn last = new InTurn(call, repetition, Promise.promise());
        if (inFlight || !waiting.isEmpty()) {
            add(last);
        } else {
            send(last);
        }
        return last.done.future();
    }

    /** All that wait fail. */
    void drop(CallException why) {
        fail(taken(), why);
    }

    private void send(InTurn now) {
        inFlight = true;
        client.send(now.call, now.repetition).onComplete(outcome -> over(now, outcome));
    }

    private void add(InTurn last) {
        try {
            line.enter(last.call.patience(), 0);
        } catch (CallException noRoom) {
            last.done.fail(noRoom);
            return;
        }
        waiting.add(last);
        last.call.watch(() -> late(last));
    }

    private void over(InTurn now, AsyncResult<EventStoreMessage> outcome) {
        inFlight = false;
        if (outcome.failed()) {
            failed(now, outcome.cause(), taken());
            return;
        }
        now.done.complete(outcome.result());
        if (!inFlight && !waiting.isEmpty()) {
            send(waiting.remove());
        }
    }

    private void late(InTurn late) {
        if (waiting.contains(late)) {
            Deque<InTurn> behind = new ArrayDeque<>();
            for (InTurn last = waiting.removeLast(); last != late; last = waiting.removeLast()) {
                behind.addFirst(last);
            }
            late.call.expired("others of its transaction were before it");
            failed(late, late.call.answer().cause(), behind);
        }
    }

    private void failed(InTurn failed, Throwable cause, Deque<InTurn> behind) {
        RuntimeException why = meaning.apply(failed.call, cause);
        failed.done.fail(why);
        fail(
                behind,
                failed.call.isSent()
                        ? why
                        : new CallException(
                                CallException.Reason.UNAVAILABLE,
                                "not sent, since what was before it was not: " + why.getMessage(),
                                why));
    }

    private static void fail(Deque<InTurn> all, RuntimeException why) {
        all.forEach(each -> each.done.fail(why));
    }

    private Deque<InTurn> taken() {
        Deque<InTurn> all = new ArrayDeque<>(waiting);
        waiting.clear();
        return all;
    }
}
