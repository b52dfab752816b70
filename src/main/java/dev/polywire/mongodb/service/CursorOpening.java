package dev.polywire.mongodb.service;

import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.wire.CursorKind;
import dev.polywire.mongodb.wire.CursorReply;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/** Runs commands whose answer is a cursor, and makes streams of them. */
final class CursorOpening {

    private final Vertx vertx;
    private final MongoClient client;
    private final AnswerMemory memory;
    private final long answerMillis;
    private long notKilled;

    CursorOpening(Vertx vertx, MongoClient client, AnswerMemory memory) {
        this(vertx, client, memory, CursorCalls.ANSWER_MILLIS);
    }

    /**
     * @param answerMillis how long a batch may take; and how long a connection of its own is kept for an answer that its caller
     *     does not wait for: its cursor must be killed
     */
    CursorOpening(Vertx vertx, MongoClient client, AnswerMemory memory, long answerMillis) {
        this.vertx = vertx;
        this.client = client;
        this.memory = memory;
        this.answerMillis = answerMillis;
    }

    Future<CursorStream> open(Buffer command, CursorOptions options, Deadline deadline) {
        MongoCall call = new MongoCall(command, deadline);
        if (options.kind() != CursorKind.WAITING && !options.exhaust()) {
            Future<CursorStream> opened = opened(call, options, PooledCursor::new, () -> {});
            client.command(call);
            return opened;
        }
        return client.dedicated(deadline).compose(own -> {
            Future<CursorStream> opened = opened(
                    call,
                    options,
                    calls -> options.exhaust()
                            ? new ExhaustCursor(vertx, own, calls)
                            : new WaitingCursor(own, calls, options.awaitMillis()),
                    () -> WaitingCursor.close(own));
            own.send(call);
            return opened.onFailure(none -> failed(own, call));
        });
    }

    /** A server that was asked may still open the cursor, and its late answer says which is to be killed. */
    private void failed(MongoConnection own, MongoCall call) {
        if (call.isSent() && call.patience().expired()) {
            vertx.setTimer(answerMillis, nothing -> WaitingCursor.close(own));
        } else {
            WaitingCursor.close(own);
        }
    }

    /** @param unwanted runs when an answer that came late has no cursor */
    private Future<CursorStream> opened(
            MongoCall call, CursorOptions options, Function<CursorCalls, CursorBatches> batches, Runnable unwanted) {
        // What it throws about a refusal, or an answer without a cursor, is nobody's: it must not end the connection of
        // others.
        call.late(answer -> Future.succeededFuture(((OpMsg) answer).body())
                .compose(body -> stream(body, options, batches))
                .onSuccess(CursorStream::close)
                .onFailure(none -> unwanted.run()));
        return call.document().compose(answer -> stream(answer, options, batches));
    }

    /** Cursors that their server was not told to end, or refused to. */
    long notKilled() {
        return notKilled;
    }

    private Future<CursorStream> stream(
            Buffer answer, CursorOptions options, Function<CursorCalls, CursorBatches> batches) {
        CursorReply first = CursorReply.read(MongoAnswer.accepted(answer));
        CursorCalls calls = new CursorCalls(vertx, client, first, answerMillis, () -> notKilled++);
        return Future.succeededFuture(new CursorStream(vertx, memory, first, calls, batches.apply(calls), options));
    }
}
