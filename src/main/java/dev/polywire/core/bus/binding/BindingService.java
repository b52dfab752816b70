package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The room {@code bindings} of a connector instance: items that are sent to an address. The room's address is in the handle
 * that {@code bind} returns, {@code {address, id}}. A binding has no lease: it ends by {@code close}, with its source, or
 * with its instance.
 *
 * <p>Each item is sent as a request with the headers {@code deliveryId} (unique; the same when the item is sent again) and
 * {@code timeout}. Consumers at one address share the items. Their answers:
 *
 * <table>
 *   <caption>What an answer means</caption>
 *   <tr><td>any reply</td><td>acknowledged</td></tr>
 *   <tr><td>a failure that is not retryable, by its {@code debugInfo} or by its failure code; a code that is not in the
 *       table of failures is not</td><td>rejected: counted, and not sent again</td></tr>
 *   <tr><td>any other failure</td><td>requeued: sent again, in its place; from the second time on with back-off</td></tr>
 *   <tr><td>no answer in time, or TIMEOUT</td><td>as {@code onTimeout} says</td></tr>
 *   <tr><td>no consumer, OVERLOADED, SHUTTING_DOWN, NODE_LOST</td><td>no answer: kept, and sent again after a pause
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
     * Stops sending, and completes when all sent items have an answer; items not acknowledged are given back to the
     * protocol. Closing a binding that is not open is no failure.
     */
    Future<Void> close(String id);

    /** A proxy of the room at {@code address}, which is in the handle. Its calls have the default deadline of 25 s. */
    @GenIgnore
    static BindingService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new BindingServiceVertxEBProxy(vertx, address, with));
    }
}
