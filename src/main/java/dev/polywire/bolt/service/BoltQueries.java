package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.session.BoltClient;
import dev.polywire.bolt.session.BoltSession;
import dev.polywire.bolt.session.BoltTransaction;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs queries and turns their results into answers and streams. */
final class BoltQueries {

    private final Vertx vertx;
    private final Connector connector;
    private final BoltClient client;
    private final BoltOptions options;

    BoltQueries(Vertx vertx, Connector connector, BoltClient client, BoltOptions options) {
        this.vertx = vertx;
        this.connector = connector;
        this.client = client;
        this.options = options;
    }

    /** A new session for each request: callers order their requests by bookmarks. */
    BoltSession session() {
        return client.session();
    }

    OpenBoltTransaction open(BoltTransaction transaction) {
        return new OpenBoltTransaction(vertx, transaction);
    }

    /** {@code {fields, records, summary}} of a query in a transaction of its own. */
    Future<JsonObject> run(
            String query, Map<String, @Nullable Object> parameters, TransactionOptions work, Deadline deadline) {
        return session().run(query, parameters, work, deadline).compose(result -> whole(result, deadline));
    }

    /** The same, repeated after a failure that may be temporary. */
    Future<JsonObject> runAgain(
            String query, Map<String, @Nullable Object> parameters, TransactionOptions work, Deadline deadline) {
        BoltSession session = session();
        return session.transact(
                        work,
                        transaction -> answer(transaction.run(query, parameters, deadline), false, deadline),
                        deadline)
                .map(answer -> {
                    session.bookmarks()
                            .forEach(bookmark -> answer.getJsonObject("summary").put("bookmark", bookmark));
                    return answer;
                });
    }

    /** All of a result within the limits; beyond them the rest is discarded, and the query completes. */
    Future<JsonObject> whole(BoltResult result, Deadline deadline) {
        return answer(result, true, deadline);
    }

    private Future<JsonObject> answer(BoltResult result, boolean lasting, Deadline deadline) {
        WholeResult whole = new WholeResult(options.whole());
        return result.pull(options.whole().records() + 1L, whole, deadline).compose(more -> {
            if (more || whole.isOver()) {
                ResultStream.discard(vertx, result);
                return Future.failedFuture(whole.tooLarge(lasting));
            }
            return result.ended().map(whole::answer);
        });
    }

    /** A result as a stream, with its fields in the handle. @param within its transaction, or null */
    Future<JsonObject> stream(
            Supplier<Future<BoltResult>> running, QueryOptions asked, @Nullable OpenBoltTransaction within) {
        JsonArray fields = new JsonArray();
        return connector
                .streams()
                .open(
                        asked.form(),
                        () -> running.get().compose(result -> {
                            result.ahead();
                            return result.opened().map(names -> {
                                names.forEach(fields::add);
                                return source(result, asked, within);
                            });
                        }))
                .map(handle -> handle.put("fields", fields));
    }

    private StreamSource source(BoltResult result, QueryOptions asked, @Nullable OpenBoltTransaction within) {
        int waitingBytes = within == null ? 0 : options.client().limits().maxMessageBytes();
        ResultStream stream = new ResultStream(vertx, result, asked, options.fetchRecords(), waitingBytes);
        return within == null ? stream : within.streaming(stream);
    }

    /** {@code {results}} of queries that are sent in one write. */
    Future<JsonObject> pipeline(List<BoltRequest.Run> statements, Deadline deadline) {
        WholeResult whole = new WholeResult(options.whole());
        JsonArray results = new JsonArray();
        return session()
                .pipeline(
                        statements,
                        new BoltSession.PipelineRows() {
                            @Override
                            public void row(int statement, BoltRecord record) {
                                whole.row(record);
                            }

                            @Override
                            public long heldBytes() {
                                return whole.heldBytes();
                            }

                            @Override
                            public void end(int statement, BoltResponse.Success end) {
                                results.add(whole.answer(end));
                            }
                        },
                        deadline)
                .recover(cause -> Future.failedFuture(BoltFailure.at(results.size(), cause)))
                .compose(ends -> whole.isOver()
                        ? Future.failedFuture(whole.tooLarge(true))
                        : Future.succeededFuture(new JsonObject().put("results", results)));
    }
}
