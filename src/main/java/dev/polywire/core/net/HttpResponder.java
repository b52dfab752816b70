package dev.polywire.core.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Answers HTTP/1.x on one endpoint: GET and POST, one request for each connection. What it refuses it answers itself:
 *
 * <pre>
 *   400    no HTTP, or a path that is no text
 *   405    another method
 *   408    the header is whole, and the body is not, within the endpoint's connect timeout
 *   413, 414, 431    a body, a first line or a header over its limit
 *   500    the handler throws, or its future fails
 *   503    the handler's future does not complete within the endpoint's connect timeout
 * </pre>
 *
 * <p>A connection whose header is not whole within the endpoint's connect timeout is closed without an answer. One that is over
 * the number of {@link #MAX_CONNECTIONS}, or comes while the memory budget is exceeded, is closed at once. Belongs to one
 * context.
 */
public final class HttpResponder {

    /** At a time: the documents of a cluster are asked for once a second or so by each of its clients. */
    public static final int MAX_CONNECTIONS = 64;

    private final Vertx vertx;
    private final EndpointOptions endpoint;
    private final HttpLimits limits;
    private final MemoryBudget budget;
    private final HttpServer server;
    private final Map<HttpConnection, HttpVisit> visits = new HashMap<>();

    /**
     * @param endpoint its connect timeout is what a client has for its request, and again for taking the answer; and the handler
     *     between them
     * @param limits of a request
     * @throws IllegalArgumentException when TLS is asked for without a certificate
     */
    public HttpResponder(Vertx vertx, EndpointOptions endpoint, HttpLimits limits) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.limits = limits;
        this.budget = MemoryBudget.of(vertx);
        this.server = vertx.createHttpServer(SocketOptions.listening(endpoint, false, new HttpServerOptions())
                .setUseAlpn(false)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.headerBytes()));
    }

    /**
     * @param handler gives the answer
     * @return the port, which the system chooses when the endpoint's port is 0; fails with a {@link ListenException}
     */
    public Future<Integer> listen(Function<HttpRequest, Future<HttpResponse>> handler) {
        return server.connectionHandler(this::opened)
                .requestHandler(request -> asked(request, handler))
                .listen(endpoint.port(), endpoint.host())
                .recover(cannot -> Future.failedFuture(ListenException.at(endpoint.target(), cannot)))
                .map(HttpServer::actualPort);
    }

    /** Stops listening and closes the connections. */
    public Future<Void> close() {
        return server.close();
    }

    private void opened(HttpConnection connection) {
        if (visits.size() >= MAX_CONNECTIONS || !budget.admits()) {
            connection.close();
            return;
        }
        HttpVisit visit = new HttpVisit(vertx, connection, endpoint.connectTimeoutMillis(), limits.bodyBytes());
        visits.put(connection, visit);
        connection.closeHandler(closed -> {
            visit.closed();
            visits.remove(connection);
        });
    }

    private void asked(HttpServerRequest request, Function<HttpRequest, Future<HttpResponse>> handler) {
        HttpVisit visit = visits.get(request.connection());
        if (visit == null) {
            request.connection().close();
        } else {
            visit.asked(request, handler);
        }
    }
}
