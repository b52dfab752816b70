package dev.polywire.bolt.service;

import dev.polywire.core.bus.request.ServiceProxies;
import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.ProxyGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * The state of a Bolt server, by messages on the bus; its requests are {@link BoltQueryService}. Failure codes: BAD_REQUEST,
 * OVERLOADED, SHUTTING_DOWN.
 */
@ProxyGen
public interface BoltServerService {

    /** Succeeds while the server listens: {@code {connections}}, the number of its clients. */
    Future<JsonObject> ping();

    /**
     * Name, address, target, state, counters: {@code connections}, {@code refusedConnections}, {@code refusedLogins}, {@code
     * queries} (requests to the handler) and {@code failedQueries}.
     */
    Future<JsonObject> status();

    /** A proxy whose calls have the default deadline of 25 s. */
    @GenIgnore
    static BoltServerService proxy(Vertx vertx, String address) {
        return ServiceProxies.of(vertx, address, with -> new BoltServerServiceVertxEBProxy(vertx, address, with));
    }
}
