package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Asks one endpoint by HTTP/1.1, as the documents of a cluster are asked for: at most {@link #MAX_QUESTIONS} at a time. Each
 * question has a connection of its own, which is made as {@link Dialer} does. No redirect is followed, and nothing is
 * decompressed.
 *
 * <p>Belongs to one context.
 */
public final class HttpGet {

    /** At a time; more fail as OVERLOADED. Whoever watches a cluster asks for one document, and each takes memory. */
    public static final int MAX_QUESTIONS = 16;

    /** What may stand in the first line behind the method (RFC 3986): no space, no control character. */
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*");

    private static final long CLOSE_MILLIS = 1_000;

    private final Vertx vertx;
    private final EndpointOptions endpoint;
    private final HttpLimits limits;
    private final AddressAttempts attempts;
    private final HttpClient client;
    private int questions;

    /** @param limits of an answer */
    public HttpGet(Vertx vertx, EndpointOptions endpoint, HttpLimits limits) {
        this(vertx, endpoint, limits, AllowedNetworks.ALL);
    }

    /** The same, of addresses that are allowed: for an endpoint that a peer has named, or for one address of a name. */
    public HttpGet(Vertx vertx, EndpointOptions endpoint, HttpLimits limits, AllowedNetworks allowed) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.limits = limits;
        this.attempts = new AddressAttempts(endpoint, host -> Spi.addresses(vertx, host), allowed);
        this.client = vertx.createHttpClient(
                options(endpoint, limits),
                // Of each address: no question waits for the end of another one.
                new PoolOptions().setHttp1MaxSize(MAX_QUESTIONS).setMaxWaitQueueSize(MAX_QUESTIONS));
    }

    /**
     * @param target path and query, encoded: {@code /gossip?format=json}
     * @param timeoutMillis for all together; at least 1
     * @return the answer, whatever its status, if that is no redirect. Fails with a {@link CallException}: as
     *     {@link Dialer#connect}; BAD_REQUEST for a target that is none; OVERLOADED; TIMEOUT; CONNECTION_LOST for an answer that is cut
     *     off. Fails with a {@link dev.polywire.core.wire.ProtocolException}: LIMIT for an answer that is too long, FRAMING for
     *     one that is no HTTP, DECODE for a redirect
     */
    public Future<HttpResponse> get(String target, long timeoutMillis) {
        if (!TARGET.matcher(target).matches()) {
            return Future.failedFuture(new CallException(
                    Reason.BAD_REQUEST, "target: not a path (expected: / and printable ASCII without spaces)"));
        }
        if (questions == MAX_QUESTIONS) {
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED,
                    endpoint.target() + ": " + (MAX_QUESTIONS + 1) + " questions at a time (expected: at most "
                            + MAX_QUESTIONS + ")"));
        }
        questions++;
        HttpExchange exchange = new HttpExchange(endpoint, limits, timeoutMillis);
        long timer = vertx.setTimer(Math.max(1, timeoutMillis), late -> exchange.late());
        int connectMillis = (int) Math.max(1, Math.min(timeoutMillis, endpoint.connectTimeoutMillis()));
        attempts.connect(connectMillis, (address, millis) -> dial(target, address, millis))
                .onComplete(exchange::connected, exchange::failed);
        return exchange.answer().onComplete(over -> {
            vertx.cancelTimer(timer);
            questions--;
        });
    }

    /** Ends the questions that are on their way, too. */
    public Future<Void> close() {
        attempts.close();
        // In Vert.x 5.1.6 it never completes if it meets a TLS connection that is just being made.
        return client.close().timeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    private Future<HttpClientRequest> dial(String target, SocketAddress address, int timeoutMillis) {
        return client.request(new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(address.port(), EndpointOptions.inUri(address.host())))
                .setHost(EndpointOptions.inUri(endpoint.host()))
                .setPort(endpoint.port())
                .setSsl(endpoint.tls() != null)
                .setURI(target)
                .setConnectTimeout(timeoutMillis)
                .setFollowRedirects(false));
    }

    private static HttpClientOptions options(EndpointOptions endpoint, HttpLimits limits) {
        TlsOptions tls = endpoint.tls();
        return SocketOptions.dialling(endpoint, new HttpClientOptions())
                .setVerifyHost(tls == null || tls.verifyHost())
                .setKeepAlive(false)
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.headerBytes());
    }
}
