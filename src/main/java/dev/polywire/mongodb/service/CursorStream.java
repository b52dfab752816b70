package dev.polywire.mongodb.service;

import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.CursorKind;
import dev.polywire.mongodb.wire.CursorReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A cursor as a stream: a page is a {@code getMore} whose {@code batchSize} is the reader's room. Documents of a batch
 * beyond one page wait here, so at most one answer of the server.
 */
final class CursorStream implements StreamSource {

    private final Vertx vertx;
    private final AnswerMemory memory;
    private final CursorOptions options;
    private final CursorCalls calls;
    private final CursorBatches batches;
    private final long id;
    private final ArrayDeque<Buffer> documents = new ArrayDeque<>();
    /** The size of the answer of which {@link #documents} are parts: the last of them holds all of it. */
    private long answerBytes;

    /** Ends the least time between two questions. */
    private long pause = -1;

    private boolean exhausted;
    private boolean closed;

    CursorStream(
            Vertx vertx,
            AnswerMemory memory,
            CursorReply first,
            CursorCalls calls,
            CursorBatches batches,
            CursorOptions options) {
        this.vertx = vertx;
        this.memory = memory;
        this.options = options;
        this.calls = calls;
        this.batches = batches;
        id = first.id();
        take(first);
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        return pull(max, maxBytes, null);
    }

    @Override
    public Future<Page> pull(int max, int maxBytes, @Nullable Object request) {
        if (!documents.isEmpty() || exhausted || closed) {
            return Future.succeededFuture(page(max, maxBytes));
        }
        Promise<Void> rest = Promise.promise();
        // Another cursor finds something, or ends: it has no timer for each of its pages.
        boolean mayFindNothing = options.kind() != CursorKind.ORDINARY;
        if (mayFindNothing) {
            pause(rest);
        }
        return batches.next(max, request)
                .compose(answer -> {
                    batch(answer);
                    return isWorthARest() ? rested(rest, mayFindNothing) : Future.succeededFuture();
                })
                .onComplete(over -> vertx.cancelTimer(pause))
                .map(there -> page(max, maxBytes));
    }

    private void pause(Promise<Void> rest) {
        pause = vertx.setTimer(options.pollMillis(), over -> rest.complete());
    }

    /** @param begun whether the least time between two questions runs since this one */
    private Future<Void> rested(Promise<Void> rest, boolean begun) {
        if (!begun) {
            pause(rest);
        }
        return rest.future();
    }

    /**
     * A server that lets nobody wait is not asked again at once. Nor is it asked when no reader waits: a page without documents
     * ends this pull, and it is the reader who begins another.
     */
    private boolean isWorthARest() {
        return documents.isEmpty() && !exhausted && !closed;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        documents.clear();
        vertx.cancelTimer(pause);
        batches.close();
        return exhausted ? Future.succeededFuture() : calls.kill();
    }

    @Override
    public long heldBytes() {
        return documents.isEmpty() ? 0 : answerBytes;
    }

    private void batch(Buffer answer) {
        CursorReply next = CursorReply.read(MongoAnswer.accepted(answer));
        if (next.id() != 0 && next.id() != id) {
            throw ProtocolException.decode("cursor id: another one (expected: the one that was asked)");
        }
        if (closed) {
            exhausted = next.id() == 0;
        } else {
            take(next);
        }
    }

    /** Nothing is held for a cursor that is over, though its last documents are still to be read. */
    private void take(CursorReply answer) {
        documents.addAll(answer.documents());
        answerBytes = documents.stream().mapToLong(Buffer::length).sum();
        exhausted = answer.id() == 0;
        if (exhausted) {
            batches.close();
        }
    }

    private Page page(int max, int maxBytes) {
        JsonArray items = new JsonArray();
        int bytes = 0;
        long heldBytes = 0;
        while (!documents.isEmpty() && items.size() < max && bytes < maxBytes) {
            Buffer document = documents.remove();
            bytes += document.length();
            if (options.form() == StreamForm.RAW) {
                items.add(document);
                heldBytes += document.length();
            } else {
                AnswerMemory.Conversion converted = memory.convert(document, options.canonical(), true);
                items.add(converted.json());
                heldBytes += converted.bytes();
            }
        }
        return new Page(items, documents.isEmpty() && (exhausted || closed), heldBytes);
    }
}
