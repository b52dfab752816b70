package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.net.MemoryBudget;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one kind that live longer than a request, such as transactions, behind the one address of their room. Their
 * limits and their lease are those of streams.
 *
 * @param <T> the object behind a handle
 */
public final class HandleRoom<T extends HandleRoom.Held> {

    /** The object behind a handle. */
    public interface Held {

        /** Called when the object has its handle. */
        default void opened(String id) {}

        /** Whether a caller waits for it at this moment, even if the lease is shorter than the wait. */
        boolean inUse();

        /** It will not be used again: its lease lapsed, or the connector leaves and waits for the outcome. */
        Future<Void> release(Failure why);
    }

    private final String what;
    private final String address;
    private final RequestTable requests;
    private final Handles<T> open;
    private final MemoryBudget budget;
    private boolean leaving;

    /**
     * @param what the name of one object, in failures
     * @param budget while it is exceeded, no handle is opened
     */
    HandleRoom(String what, String address, RequestTable requests, Handles<T> open, MemoryBudget budget) {
        this.what = what;
        this.address = address;
        this.requests = requests;
        this.open = open;
        this.budget = budget;
    }

    /**
     * Opens a handle for the request that is being handed over.
     *
     * @param opening not called when no further handle is allowed
     * @return {@code {address, id, leaseMillis}}, null when {@code opening} gives null; throws or fails with BAD_REQUEST,
     *     OVERLOADED, SHUTTING_DOWN or CANCELLED, or as {@code opening} does
     */
    public Future<JsonObject> open(Supplier<Future<T>> opening) {
        Request<?> request = requests.current();
        if (request.replyAddress() == null) {
            throw Failure.BAD_REQUEST.because("replyAddress: missing (expected: a request, whose reply is the handle)");
        }
        admit(request);
        if (!budget.admits()) {
            throw Failure.OVERLOADED.because(budget.noRoomFor(0));
        }
        return opening.get().compose(opened -> opened == null ? Future.succeededFuture() : add(request, opened));
    }

    /** The object behind {@code id}, its lease renewed; throws NOT_FOUND. */
    public T use(String id) {
        T used = open.use(id);
        if (used == null) {
            throw Failure.NOT_FOUND.because(
                    "id: no such " + what + " (ended, or not used for " + open.leaseMillis() + " ms)");
        }
        return used;
    }

    /** Whether the handle is still open; if so, its lease is renewed. */
    public boolean has(String id) {
        return open.use(id) != null;
    }

    /** The object has ended. @return the object, or null */
    public @Nullable T remove(String id) {
        return open.remove(id);
    }

    public int size() {
        return open.size();
    }

    /** Handles that were not used for the length of a lease. */
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

    /** Checks again: the caller may have given up, or the connector may leave, since the request arrived. */
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
