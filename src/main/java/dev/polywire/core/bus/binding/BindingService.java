package dev.polywire.core.bus.binding;

import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code bindings} of a connector instance: items that are given to an address. Its address stands in the handle
 * that {@code bind} gives, {@code {address, id}}. A binding has no lease: it ends by {@code close}, with its source, or
 * with its instance.
 *
 * <p>Each item is sent as a request with the headers {@code deliveryId} (unique; the same when it is sent again) and
 * {@code timeout}. Consumers at one address share the items. What they answer:
 *
 * <table>
 *   <caption>What an answer means</caption>
 *   <tr><td>any reply</td><td>acknowledged</td></tr>
 *   <tr><td>a failure that is not retryable, by its {@code debugInfo} or by its code of ours</td><td>rejected:
 *       counted, and not given again</td></tr>
 *   <tr><td>any other failure</td><td>requeued: given again, in its place; from the second time on with back-off</td></tr>
 *   <tr><td>nothing in time, or TIMEOUT</td><td>as {@code onTimeout} says</td></tr>
 *   <tr><td>nobody there, OVERLOADED, SHUTTING_DOWN, NODE_LOST</td><td>no answer: kept, and given again after a pause
 *       of the whole binding, with back-off</td></tr>
 * </table>
 *
 * <p>Failure codes: BAD_REQUEST, NOT_FOUND, SHUTTING_DOWN.
 */
@ProxyGen
public interface BindingService {

    /** @return {@code {address, prefetch, unanswered, paused}} */
    Future<JsonObject> status(String id);

    /**
     * Stops giving, and completes when what is out has its answer; what was not acknowledged is given back to the
     * protocol. Closing what is not open is no failure.
     */
    Future<Void> close(String id);
}
