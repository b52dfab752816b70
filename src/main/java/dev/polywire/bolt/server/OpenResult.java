package dev.polywire.bolt.server;

import dev.polywire.core.json.JsonWeight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result that the client has not read to its end, and the rows that the handler gave and the client has not read. */
final class OpenResult {

    final QueryResult result;
    final long openedMillis;
    private List<? extends List<? extends @Nullable Object>> given = List.of();
    private int next;
    /** Of {@link #given} from row {@link #measuredFrom} on; negative: not measured. */
    private long givenBytes = -1;

    private int measuredFrom;

    private @Nullable Summary end;
    private boolean read;

    OpenResult(QueryResult result, long openedMillis) {
        this.result = result;
        this.openedMillis = openedMillis;
    }

    /** @throws IllegalStateException when the page is not what was requested */
    void given(ResultRows.Page page, long max) {
        int count = page.rows().size();
        if (count > max || count == 0 && page.end() == null) {
            throw new IllegalStateException("rows: " + count + " (expected: 1 to " + max + ")");
        }
        given = page.rows();
        next = 0;
        givenBytes = -1;
        end = page.end();
    }

    boolean hasNext() {
        return next < given.size();
    }

    /** @throws IllegalStateException when a row does not have the width of the result */
    List<? extends @Nullable Object> next() {
        List<? extends @Nullable Object> row = given.get(next++);
        if (row.size() != result.fields().size()) {
            throw new IllegalStateException("row: " + row.size() + " values (expected: "
                    + result.fields().size() + ")");
        }
        if (!hasNext()) {
            given = List.of();
            next = 0;
        }
        return row;
    }

    /** What waits here for the client, in memory, by estimate. */
    long heldBytes() {
        if (!hasNext()) {
            return result.rows().heldBytes();
        }
        if (givenBytes < 0) {
            givenBytes = JsonWeight.items(given.subList(next, given.size()));
        } else {
            givenBytes -= JsonWeight.items(given.subList(measuredFrom, next));
        }
        measuredFrom = next;
        return result.rows().heldBytes() + givenBytes;
    }

    /** Whether the handler has given the last page. */
    boolean isOver() {
        return end != null;
    }

    Summary end() {
        return end == null ? Summary.EMPTY : end;
    }

    /** The client has got a row. */
    void read() {
        read = true;
    }

    /** What has become of it at its end. @param discarded whether a DISCARD was the end */
    QueryOutcome outcome(boolean discarded) {
        if (result.fields().isEmpty()) {
            return QueryOutcome.OMITTED;
        } else if (read) {
            return QueryOutcome.ROWS;
        }
        return discarded ? QueryOutcome.DISCARDED : QueryOutcome.NO_ROWS;
    }

    void cancel() {
        if (end == null) {
            result.rows().cancel();
        }
    }
}
