package dev.polywire.bolt.server;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query gives.
 *
 * @param fields the names of its columns
 * @param rows are asked for as the client wants them
 */
public record QueryResult(List<String> fields, ResultRows rows) {

    public QueryResult {
        fields = List.copyOf(fields);
    }

    /** No rows, and nothing to say. */
    public static QueryResult empty() {
        return of(List.of(), List.of(), Summary.EMPTY);
    }

    /** One row. */
    public static QueryResult row(List<String> fields, @Nullable Object... values) {
        return of(fields, List.of(Arrays.asList(values)), Summary.EMPTY);
    }

    /** Rows that are here. */
    public static QueryResult of(
            List<String> fields, List<? extends List<? extends @Nullable Object>> rows, Summary end) {
        return of(fields, rows.iterator(), end);
    }

    /** Rows that are made when they are asked for, without blocking. */
    public static QueryResult of(
            List<String> fields, Iterator<? extends List<? extends @Nullable Object>> rows, Summary end) {
        return new QueryResult(fields, new IteratorRows(rows, end));
    }
}
