package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code streams} of a connector instance: streams that are pulled. The room's address is in the handle that
 * {@code open} returns, {@code {address, id, leaseMillis}}.
 *
 * <p>Failure codes: BAD_REQUEST, NOT_FOUND (closed, or its lease lapsed), OVERLOADED (dropped, because all streams together
 * hold too much), SHUTTING_DOWN, and any that ends the stream.
 */
@ProxyGen
public interface StreamService {

    /** The largest number of items that a request for a batch may ask for. */
    int MAX_BATCH_ITEMS = 10_000;
    /** How long a request waits for a batch by default. */
    long DEFAULT_WAIT_MILLIS = 1_000;
    /** A longer wait would outlast the deadlines of bridges and proxies on the way. */
    long MAX_WAIT_MILLIS = 10_000;

    /**
     * One batch. Batches are numbered from 1; a reader may have two requests outstanding. The two newest batches are kept,
     * so a repeated request gets the same reply, and a reader whose reply was lost repeats its request. A request for the
     * batch after the next says that all kept ones have arrived; while the memory budget is exceeded only the newest is kept.
     *
     * @param id of the handle
     * @param batch its number: that of a kept batch, or one of the next two
     * @param max the largest number of items wanted, 1 to 10,000; 0 only renews the lease
     * @param waitMillis how long to wait for a first item, 0 to 10,000, default 1,000
     * @return {@code {batch, items, done, resume}}; no items and not done: no item arrived in time, and the number can be
     *     requested again. After the end every reply is empty and done. {@code resume} is a JSON object that tells the
     *     protocol where a new stream goes on behind this batch's last item, or without items behind the batch before; null:
     *     not known, the protocol has no such place, or the request only renewed the lease
     */
    Future<JsonObject> next(String id, long batch, int max, @Nullable Long waitMillis);

    /**
     * Settles items, where the protocol needs their outcome; elsewhere it is a BAD_REQUEST, as is an item that was not
     * given. An item's number is its place in the stream: the first of batch 1 is 1. Items already settled, for example in
     * a request whose reply was lost, are ignored. When a stream is closed or lapses, all unsettled items go back. Items that
     * the protocol has taken back by itself count as settled where the protocol tells it; a word about one is counted
     * ({@code lateSettlements} in {@code status}) and has no effect.
     *
     * @param ack items that were processed
     * @param nack items to be given again
     * @param reject items that are not given again
     * @param options {@code {upTo: false, requeue, action, reason}}; with {@code upTo} there is one item, and all earlier
     *     unsettled items are included; {@code requeue} overrides whether items of {@code nack} and {@code reject} are given
     *     again; {@code action} says it in the protocol's own words, where it has some, and {@code reason}, at most 1,000
     *     characters, goes with it
     * @return {@code {settled}}, how many items were not settled before
     */
    Future<JsonObject> settle(
            String id,
            @Nullable JsonArray ack,
            @Nullable JsonArray nack,
            @Nullable JsonArray reject,
            @Nullable JsonObject options);

    /** Releases the stream and everything behind it. Closing a stream that is not open is no failure. */
    Future<Void> close(String id);

    /** A proxy of the room at {@code address}, which is in the handle. Its calls have the default deadline of 25 s. */
    @GenIgnore
    static StreamService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new StreamServiceVertxEBProxy(vertx, address, with));
    }
}
