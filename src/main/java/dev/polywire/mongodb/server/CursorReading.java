package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.store.StoredCollection;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The getMore of one connection: answered at once, or when a document has come ({@code awaitData}), or by a stream of answers until
 * the cursor is exhausted or killed (exhaust).
 *
 * <pre>
 *   getMore 7, exhaustAllowed -> batch 100 to 7, moreToCome -> batch 101 to 100, moreToCome -> last batch 102 to 101
 * </pre>
 *
 * <p>Of a stream no batch is read while the client is behind. A stream of a tailable cursor without {@code awaitData} has one empty
 * batch after the other, as MongoDB's.
 */
final class CursorReading {

    private static final int DEFAULT_WAIT_MILLIS = 1_000;

    private final SmallMongo server;
    private final ScriptedPeer peer;
    private final BiConsumer<Request, Buffer> answers;
    private final Runnable done;
    /** Null: there is no getMore. */
    private @Nullable Turn turn;

    /** @param answers gives the one answer to a request @param done lets the next request follow */
    CursorReading(SmallMongo server, ScriptedPeer peer, BiConsumer<Request, Buffer> answers, Runnable done) {
        this.server = server;
        this.peer = peer;
        this.answers = answers;
        this.done = done;
    }

    /** Takes one, while there is no other. @throws CommandErrorException before there is anything to wait for */
    void begin(Request request, CommandRequest command) {
        GetMore getMore = GetMore.of(command);
        Turn begun = new Turn(request, getMore, server.commands().reads().open(getMore));
        turn = begun;
        begun.next();
    }

    /** The client has read something. */
    void written() {
        if (turn != null) {
            turn.written();
        }
    }

    /** The client is gone, and a cursor that it waited for with it. */
    void ended() {
        Turn interrupted = turn;
        turn = null;
        if (interrupted != null) {
            interrupted.leave();
            server.cursors().kill(interrupted.getMore.id());
        }
    }

    /** One getMore until its last answer. */
    private final class Turn {

        private final Request request;
        private final GetMore getMore;
        private final OpenCursor cursor;
        private final boolean streams;
        private final Runnable watcher = this::changed;
        private int responseTo;
        private long timer = -1;
        private boolean begun;
        private boolean woken;
        private boolean behind;

        Turn(Request request, GetMore getMore, OpenCursor cursor) {
            this.request = request;
            this.getMore = getMore;
            this.cursor = cursor;
            this.responseTo = request.header().requestId();
            this.streams = server.options().behaviour().exhausts()
                    && request.message() instanceof OpMsg message
                    && (message.flagBits() & (OpMsg.EXHAUST_ALLOWED | OpMsg.MORE_TO_COME)) == OpMsg.EXHAUST_ALLOWED;
        }

        /** Reads a batch, and waits when there is none and it may. */
        void next() {
            try {
                List<Buffer> batch = server.commands().reads().batch(getMore, cursor);
                long wait = batch.isEmpty() && cursor.awaits() && timer < 0 ? waitMillis() : 0;
                if (wait > 0) {
                    await(wait);
                } else if (!batch.isEmpty() || timer < 0) {
                    answer(batch);
                }
            } catch (CommandErrorException why) {
                leave();
                server.cursors().kill(getMore.id());
                last(MongoAnswers.refused(why));
            }
        }

        private long waitMillis() {
            return Math.min(
                    getMore.waitMillis(DEFAULT_WAIT_MILLIS),
                    server.options().bounds().maxWaitMillis());
        }

        private void await(long millis) {
            documents().watch(watcher);
            cursor.read(this::killed);
            timer = server.vertx().setTimer(millis, fired -> {
                leave();
                answer(List.of());
            });
        }

        /** In the middle of a write: it is looked for documents when that is done. */
        private void changed() {
            if (!woken) {
                woken = true;
                server.later(() -> {
                    woken = false;
                    if (turn == this && timer >= 0) {
                        next();
                    }
                });
            }
        }

        /** Its cursor is gone from the table. */
        private void killed() {
            last(MongoAnswers.refused(MongoErrorCode.CURSOR_KILLED.with("operation was interrupted")));
        }

        void leave() {
            if (timer >= 0) {
                server.vertx().cancelTimer(timer);
                timer = -1;
                cursor.read(null);
                documents().leave(watcher);
            }
        }

        private StoredCollection documents() {
            return cursor.documents().collection();
        }

        private void answer(List<Buffer> batch) {
            leave();
            boolean over = cursor.documents().isExhausted();
            if (over) {
                server.cursors().kill(getMore.id());
            }
            Buffer answer = MongoAnswers.cursor(over ? 0 : getMore.id(), getMore.namespace(), "nextBatch", batch);
            if (over || !streams) {
                last(answer);
            } else {
                begun = true;
                responseTo = peer.answer(responseTo, new OpMsg(OpMsg.MORE_TO_COME, answer, List.of()));
                behind = peer.isBehind();
                if (!behind) {
                    // Others of the same server come first.
                    server.later(this::goOn);
                }
            }
        }

        void written() {
            if (behind && !peer.isBehind()) {
                behind = false;
                server.later(this::goOn);
            }
        }

        private void goOn() {
            if (turn != this) {
                return;
            }
            try {
                server.commands().reads().open(getMore);
            } catch (CommandErrorException gone) {
                last(MongoAnswers.refused(gone));
                return;
            }
            next();
        }

        private void last(Buffer answer) {
            leave();
            turn = null;
            if (begun) {
                peer.answer(responseTo, new OpMsg(answer));
            } else {
                answers.accept(request, answer);
            }
            done.run();
        }
    }
}
