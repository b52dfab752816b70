package dev.polywire.bolt.server;

import dev.polywire.core.json.JsonWeight;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a query.
 *
 * @param fields the names of its columns
 * @param rows requested page by page, as the client reads them
 */
public record QueryResult(List<String> fields, ResultRows rows) {

    public QueryResult {
        fields = List.copyOf(fields);
    }

    /** No rows, and an empty summary. */
    public static QueryResult empty() {
        return of(List.of(), List.of(), Summary.EMPTY);
    }

    /** One row. */
    public static QueryResult row(List<String> fields, @Nullable Object... values) {
        return of(fields, List.of(Arrays.asList(values)), Summary.EMPTY);
    }

    /** Rows in memory. */
    public static QueryResult of(
            List<String> fields, List<? extends List<? extends @Nullable Object>> rows, Summary end) {
        return new QueryResult(fields, new IteratorRows(rows.iterator(), end, JsonWeight.items(rows)));
    }

    /** Rows that an iterator makes on demand, without blocking. */
    public static QueryResult of(
            List<String> fields, Iterator<? extends List<? extends @Nullable Object>> rows, Summary end) {
        return of(fields, rows, end, 0);
    }

    /** The same for rows that are converted on demand. @param heldBytes the memory of all that is not converted */
    public static QueryResult of(
            List<String> fields,
            Iterator<? extends List<? extends @Nullable Object>> rows,
            Summary end,
            long heldBytes) {
        return new QueryResult(fields, new IteratorRows(rows, end, heldBytes));
    }
}
