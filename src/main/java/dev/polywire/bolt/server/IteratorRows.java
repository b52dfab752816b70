package dev.polywire.bolt.server;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows from an iterator, whose summary is known. @param heldBytes the memory of all rows; 0: they are made on demand */
record IteratorRows(Iterator<? extends List<? extends @Nullable Object>> rows, Summary end, long heldBytes)
        implements ResultRows {

    @Override
    public Future<Page> next(int max) {
        List<List<? extends @Nullable Object>> page = new ArrayList<>();
        while (page.size() < max && rows.hasNext()) {
            page.add(rows.next());
        }
        return Future.succeededFuture(new Page(page, rows.hasNext() ? null : end));
    }

    @Override
    public Future<Summary> discard() {
        return Future.succeededFuture(end);
    }
}
