package dev.polywire.core.net;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Machine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Makes outgoing connections to one endpoint. */
public final class Dialer {

    private final EndpointOptions endpoint;
    private final String protocol;
    private final Spi spi;
    private final NetClient client;
    private final AddressAttempts attempts;
    private final MemoryBudget budget;
    /** Connections that are being made, or are open. */
    private final AtomicInteger users = new AtomicInteger();

    private final Promise<Void> unused = Promise.promise();
    private volatile boolean retired;

    /** @param protocol its name in logs and metrics */
    public Dialer(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi) {
        this(vertx, endpoint, protocol, spi, host -> Spi.addresses(vertx, host));
    }

    /** The same, to addresses that are allowed: for an endpoint that a peer has named. */
    public Dialer(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi, AllowedNetworks allowed) {
        this(vertx, endpoint, protocol, spi, host -> Spi.addresses(vertx, host), allowed);
    }

    Dialer(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi, AddressLookup lookup) {
        this(vertx, endpoint, protocol, spi, lookup, AllowedNetworks.ALL);
    }

    private Dialer(
            Vertx vertx,
            EndpointOptions endpoint,
            String protocol,
            Spi spi,
            AddressLookup lookup,
            AllowedNetworks allowed) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.spi = spi;
        this.client = vertx.createNetClient(options(endpoint));
        this.attempts = new AddressAttempts(endpoint, lookup, allowed);
        this.budget = MemoryBudget.of(vertx);
    }

    public EndpointOptions endpoint() {
        return endpoint;
    }

    /** The frame tap of the next machine. */
    public FrameTap tap() {
        return WireLog.of(protocol, endpoint.target());
    }

    /**
     * Dials, puts {@code machine} on the socket and performs the handshake. Of a name with several addresses, one after the
     * other is tried within the connect timeout, IPv6 and IPv4 in turns where the resolver gives both; those
     * that failed last time come last.
     *
     * @param maker makes the connection, in the turn in which its socket opened
     * @return the connection, ready. Fails with a {@link CallException}: UNAVAILABLE (also when the peer is silent),
     *     UNAUTHENTICATED for TLS that time does not heal ({@link TlsFailure}), SHUTTING_DOWN once closed; or with the
     *     failure of the handshake
     */
    public <E, C extends Connection<E>> Future<C> connect(Machine<E> machine, Function<OpenSocket<E>, C> maker) {
        users.incrementAndGet();
        Future<NetSocket> dialled = attempts.connect(endpoint.connectTimeoutMillis(), this::dial);
        return dialled.onFailure(none -> over()).compose(socket -> {
            Spi.atEnd(socket, this::over);
            try {
                C made = maker.apply(
                        new OpenSocket<>(socket, machine, protocol, endpoint.target(), spi, budget, endpoint.tls()));
                return made.begin().<C>map(made).onFailure(cause -> disappointed(socket, cause));
            } catch (RuntimeException bug) {
                socket.close();
                throw bug;
            }
        });
    }

    /** Closes its connections too. */
    public Future<Void> close() {
        attempts.close();
        return client.close();
    }

    /**
     * Another is used from now on: closes when the last connection has ended, those that are made meanwhile too.
     *
     * @return completes then
     */
    public Future<Void> retire() {
        retired = true;
        closeIfUnused();
        return unused.future();
    }

    private void over() {
        users.decrementAndGet();
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && users.get() == 0 && unused.tryComplete()) {
            close();
        }
    }

    /** The name of the host stays what TLS compares the certificate with. */
    private Future<NetSocket> dial(SocketAddress address, int timeoutMillis) {
        return client.connect(new ConnectOptions()
                .setRemoteAddress(address)
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setSsl(endpoint.tls() != null)
                .setTimeout(timeoutMillis));
    }

    /** The kernel of a peer that hangs still connects, and so does a balancer in front of nobody. A refused login is no such case. */
    private void disappointed(NetSocket socket, Throwable cause) {
        if (!StandingRefusal.isRefusal(cause)) {
            attempts.isOfNoUse(socket.remoteAddress().hostAddress());
        }
    }

    private static NetClientOptions options(EndpointOptions endpoint) {
        NetClientOptions options = SocketOptions.dialling(endpoint, new NetClientOptions());
        TlsOptions tls = endpoint.tls();
        return tls == null ? options : options.setHostnameVerificationAlgorithm(tls.verifyHost() ? "HTTPS" : "");
    }
}
