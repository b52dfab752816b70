package dev.polywire.core.bus.stream;

import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code streams} of a connector instance: streams that are pulled. Its address stands in the handle that
 * {@code open} gives, {@code {address, id, leaseMillis}}.
 *
 * <p>Failure codes: BAD_REQUEST, NOT_FOUND (closed, or its lease lapsed), SHUTTING_DOWN, and whatever ends the stream.
 */
@ProxyGen
public interface StreamService {

    /** Most items that one batch may be asked for. */
    int MAX_BATCH_ITEMS = 10_000;
    /** How long a reader waits for a batch when it does not say. */
    long DEFAULT_WAIT_MILLIS = 1_000;
    /** A longer wait would outlast the deadlines of bridges and proxies on the way. */
    long MAX_WAIT_MILLIS = 10_000;

    /**
     * One batch. Batches are numbered from 1; a reader may have two outstanding; the two newest are kept, so the same
     * question gets the same answer, and a reader whose reply was lost asks again.
     *
     * @param id of the handle
     * @param batch its number: a kept one, or one of the next two
     * @param max the most items wanted, 1 to 10,000; 0 only renews the lease
     * @param waitMillis how long to wait for a first item, 0 to 10,000, default 1,000
     * @return {@code {batch, items, done}}; without items and not done: nothing came in time, and the number is not used
     *     up. After the end every answer is empty and done
     */
    Future<JsonObject> next(String id, long batch, int max, @Nullable Long waitMillis);

    /**
     * Says what became of items, where the protocol wants to hear it; elsewhere it is a BAD_REQUEST, as is an item that was not
     * given. An item's number is its place in the stream: the first of batch 1 is 1. What was settled before, in a request
     * whose answer was lost for one, is passed over. With a closed or lapsed stream all that is not settled goes back.
     *
     * @param ack items that were dealt with
     * @param nack items to be given again
     * @param reject items that were given for the last time
     * @param options {@code {upTo: false, requeue}}; with {@code upTo} there is one item, and all before it that are not
     *     settled are meant, too; {@code requeue} overrides whether items of {@code nack} and {@code reject} come again
     * @return {@code {settled}}, how many were not before
     */
    Future<JsonObject> settle(
            String id,
            @Nullable JsonArray ack,
            @Nullable JsonArray nack,
            @Nullable JsonArray reject,
            @Nullable JsonObject options);

    /** Releases the stream and everything behind it. Closing what is not open is no failure. */
    Future<Void> close(String id);
}
