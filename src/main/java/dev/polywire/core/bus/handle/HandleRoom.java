package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.bus.request.RequestTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things of one kind that outlive a request, transactions for one, behind the one address of their room. Their bounds and
 * their lease are those of streams.
 *
 * @param <T> what a handle stands for
 */
public final class HandleRoom<T extends HandleRoom.Held> {

    /** What a handle stands for. */
    public interface Held {

        /** It has its handle. */
        default void opened(String id) {}

        /** Whether somebody waits for it at this moment, however short the lease is. */
        boolean inUse();

        /** Nobody will use it any more: its lease lapsed, or the connector leaves, which waits for the outcome. */
        Future<Void> release(Failure why);
    }

    private final String what;
    private final String address;
    private final RequestTable requests;
    private final Handles<T> open;
    private boolean leaving;

    /** @param what one is called, in failures */
    HandleRoom(String what, String address, RequestTable requests, Handles<T> open) {
        this.what = what;
        this.address = address;
        this.requests = requests;
        this.open = open;
    }

    /**
     * Opens one for the request that is being handed over.
     *
     * @param opening not called when no further one is allowed
     * @return {@code {address, id, leaseMillis}}, null when {@code opening} gives null; throws or fails with OVERLOADED,
     *     SHUTTING_DOWN or CANCELLED, or as {@code opening} does
     */
    public Future<JsonObject> open(Supplier<Future<T>> opening) {
        Request<?> request = requests.current();
        admit(request);
        return opening.get().compose(opened -> opened == null ? Future.succeededFuture() : add(request, opened));
    }

    /** What {@code id} stands for, its lease renewed; throws NOT_FOUND. */
    public T use(String id) {
        T used = open.use(id);
        if (used == null) {
            throw Failure.NOT_FOUND.because(
                    "id: no such " + what + " (ended, or not used for " + open.leaseMillis() + " ms)");
        }
        return used;
    }

    /** Whether it is still there; if so, its lease is renewed. */
    public boolean has(String id) {
        return open.use(id) != null;
    }

    /** It has ended. @return what it stood for, or null */
    public @Nullable T remove(String id) {
        return open.remove(id);
    }

    public int size() {
        return open.size();
    }

    /** Handles that nobody used for the length of a lease. */
    public long lapsed() {
        return open.lapsed();
    }

    void refuse() {
        leaving = true;
    }

    Future<Void> releaseAll() {
        List<Future<Void>> releasing = open.removeAll().stream()
                .map(each -> each.release(Failure.SHUTTING_DOWN))
                .toList();
        return Future.join(releasing).mapEmpty();
    }

    private void admit(Request<?> request) {
        if (leaving) {
            throw Failure.SHUTTING_DOWN.because("the connector is leaving");
        }
        open.admit(request.caller());
    }

    /** Much may have happened since the request came. */
    private Future<JsonObject> add(Request<?> request, T opened) {
        try {
            if (request.answered()) {
                throw Failure.CANCELLED.because("its caller has given up and will never use it");
            }
            admit(request);
            String id = open.add(request.caller(), opened);
            opened.opened(id);
            return Future.succeededFuture(
                    new JsonObject().put("address", address).put("id", id).put("leaseMillis", open.leaseMillis()));
        } catch (ServiceException no) {
            return opened.release(Failure.SHUTTING_DOWN).transform(released -> Future.failedFuture(no));
        }
    }
}
