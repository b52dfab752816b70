package dev.polywire.bolt.service;

import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.Summary;
import dev.polywire.core.bus.stream.StreamPages;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.JsonWeight;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The answer to {@code run}, see {@link BoltQueryService}: read strictly, row by row on demand. */
final class QueryAnswer {

    private QueryAnswer() {}

    /** @throws FieldException when the answer is malformed */
    static QueryResult read(Vertx vertx, @Nullable JsonObject answer, long silenceMillis) {
        Fields json = Fields.at("answer", answer);
        List<String> fields = json.texts("fields");
        if (json.has("id")) {
            JsonObject handle = new JsonObject()
                    .put("address", json.text("address"))
                    .put("id", json.text("id"))
                    .put("leaseMillis", json.int64("leaseMillis", StreamPages.DEFAULT_LEASE_MILLIS, 100, 3_600_000));
            json.done();
            return new QueryResult(fields, new StreamedRows(new StreamPages(vertx, handle, silenceMillis)));
        }
        JsonArray records = json.valueOrNull("records") instanceof JsonArray given ? given : null;
        Summary end = SummaryJson.read(json.object("summary"));
        boolean done = json.flag("done", true);
        json.done();
        if (records == null || !done) {
            throw json.complaint("records", "not a whole result (expected: an array, or address and id of a stream)");
        }
        return QueryResult.of(fields, rows(records), end, JsonWeight.items(records.getList()));
    }

    /** A message on the bus belongs to its receiver: a row of plain values is passed on unchanged. */
    static List<? extends @Nullable Object> row(String path, int index, @Nullable Object record) {
        if (record instanceof JsonArray values) {
            List<?> row = values.getList();
            return JsonToValue.arePlain(row) ? row : new JsonToValue(path + "[" + index + "]", true).items(values);
        }
        throw new FieldException(
                path + "[" + index + "]", Fields.kind(record) + " (expected: a record, which is an array)");
    }

    private static Iterator<? extends List<? extends @Nullable Object>> rows(JsonArray records) {
        return IntStream.range(0, records.size())
                .<List<? extends @Nullable Object>>mapToObj(i -> row("records", i, records.getValue(i)))
                .iterator();
    }
}
