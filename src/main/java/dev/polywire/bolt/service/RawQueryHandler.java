package dev.polywire.bolt.service;

import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The address {@code <address>.raw}: a query in headers, parameters and records in PackStream, see {@link BoltService}. */
final class RawQueryHandler implements RawDoor {

    static final Set<String> ACTIONS = Set.of("run");

    private final Vertx vertx;
    private final BoltQueries queries;
    private final WholeResult.Bounds bounds;
    private final BoltLimits limits;

    RawQueryHandler(Vertx vertx, BoltQueries queries, BoltOptions options) {
        this.vertx = vertx;
        this.queries = queries;
        this.bounds = options.whole();
        this.limits = options.client().limits();
    }

    @Override
    public Future<Answer> answer(Request<Buffer> request) {
        Deadline deadline = request.deadline();
        String query = request.headers().get("query");
        if (query == null) {
            throw Failure.BAD_REQUEST.because("query: missing (expected: a header)");
        }
        TransactionOptions work = options(request.headers()).within(Math.max(1, deadline.remainingMillis()));
        return queries.session()
                .run(query, parameters(request.body()), work, deadline)
                .compose(result -> answer(result, deadline))
                .map(Answer::new);
    }

    private Future<Buffer> answer(BoltResult result, Deadline deadline) {
        PackedRows rows = new PackedRows(bounds);
        return result.pull(bounds.records() + 1L, rows, deadline).compose(more -> {
            if (more || rows.isOver()) {
                ResultStream.discard(vertx, result);
                return Future.failedFuture(new WholeResult(bounds).tooLarge(true));
            }
            return result.ended().map(end -> rows.records.appendBuffer(ResultStream.packed(end.metadata())));
        });
    }

    private static final class PackedRows implements BoltResult.Rows {

        private final WholeResult.Bounds bounds;
        private final Buffer records = Buffer.buffer();
        private int count;

        PackedRows(WholeResult.Bounds bounds) {
            this.bounds = bounds;
        }

        @Override
        public boolean row(BoltRecord record) {
            count++;
            record.appendTo(records);
            return !isOver();
        }

        @Override
        public long heldBytes() {
            return records.length();
        }

        boolean isOver() {
            return count > bounds.records() || records.length() > bounds.bytes();
        }
    }

    private static TransactionOptions options(MultiMap headers) {
        JsonObject options = new JsonObject();
        for (String name : Set.of("database", "mode")) {
            if (headers.contains(name)) {
                options.put(name, headers.get(name));
            }
        }
        return QueryOptions.read(QueryOptions.Of.BEGIN, options).work();
    }

    private Map<String, @Nullable Object> parameters(Buffer body) {
        if (body.length() == 0) {
            return Map.of();
        }
        try {
            PackStreamReader in = new PackStreamReader(body, ValueDialect.of(BoltVersion.V6_1), limits);
            Map<String, @Nullable Object> parameters = in.map();
            in.finish();
            return parameters;
        } catch (ProtocolException malformed) {
            throw Failure.BAD_REQUEST.because("body: " + malformed.getMessage());
        }
    }
}
