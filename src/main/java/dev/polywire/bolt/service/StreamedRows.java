package dev.polywire.bolt.service;

import dev.polywire.bolt.server.ResultRows;
import dev.polywire.bolt.server.Summary;
import dev.polywire.core.bus.stream.StreamPages;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows from a stream's handle: each PULL becomes a request to the stream. */
final class StreamedRows implements ResultRows {

    private final StreamPages stream;

    StreamedRows(StreamPages stream) {
        this.stream = stream;
    }

    @Override
    public Future<Page> next(int max) {
        return stream.pull(max)
                .recover(cause -> Future.failedFuture(QueryFailure.of(cause)))
                .map(StreamedRows::page)
                .onSuccess(rows -> {
                    if (rows.end() != null) {
                        stream.close();
                    }
                });
    }

    /** A client that has read all rows, without knowing it, gets the summary; otherwise the rest is not read. */
    @Override
    public Future<Summary> discard() {
        return stream.poll(1)
                .map(StreamedRows::page)
                .map(rows -> rows.end() == null ? Summary.EMPTY : rows.end())
                .onComplete(done -> stream.close())
                .recover(cause -> Future.failedFuture(QueryFailure.of(cause)));
    }

    @Override
    public void cancel() {
        stream.close();
    }

    private static Page page(StreamSource.Page page) {
        JsonArray items = page.items();
        List<List<? extends @Nullable Object>> rows = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Object item = items.getValue(i);
            if (item instanceof JsonObject last && i == items.size() - 1) {
                Fields json = Fields.at("items[" + i + "]", last);
                Summary end = SummaryJson.read(json.object("summary"));
                json.done();
                return Page.last(rows, end);
            }
            rows.add(QueryAnswer.row("items", i, item));
        }
        return page.done() ? Page.last(rows, Summary.EMPTY) : Page.of(rows);
    }
}
