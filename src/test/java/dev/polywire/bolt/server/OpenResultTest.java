package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for the client, row by row. */
class OpenResultTest {

    private static final int ROWS = 256;
    /** A list and a number. */
    private static final long ROW_BYTES = 2 * 128;

    private final OpenResult open =
            new OpenResult(QueryResult.of(List.of("n"), Collections.emptyIterator(), Summary.EMPTY), 0);

    @Test
    void aLargeRowIsHeldUntilItIsWrittenAndNoLonger() {
        List<List<Object>> rows = new ArrayList<>(Collections.nCopies(ROWS, List.of(1)));
        rows.set(100, List.of("x".repeat(1_000_000)));
        open.given(new ResultRows.Page(rows, Summary.EMPTY), ROWS);
        assertEquals(ROWS * ROW_BYTES + 1_000_000, open.heldBytes());
        write(100);
        assertEquals((ROWS - 100) * ROW_BYTES + 1_000_000, open.heldBytes());
        write(1);
        assertEquals((ROWS - 101) * ROW_BYTES, open.heldBytes());
        write(ROWS - 101);
        assertEquals(0, open.heldBytes());
        assertFalse(open.hasNext());
    }

    @Test
    void aPageThatIsMeasuredInItsMiddle() {
        open.given(new ResultRows.Page(Collections.nCopies(10, List.of(1)), null), 10);
        write(4);
        assertEquals(6 * ROW_BYTES, open.heldBytes());
        write(6);
        open.given(new ResultRows.Page(List.of(List.of("next")), Summary.EMPTY), 10);
        assertEquals(ROW_BYTES + "next".length(), open.heldBytes());
    }

    private void write(int rows) {
        for (int i = 0; i < rows; i++) {
            open.next();
        }
    }
}
