package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.DnsLookup;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.SrvTarget;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoSrv;
import dev.polywire.mongodb.wire.MongoUri;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which server to dial, and how to log in there. Of a {@code mongodb+srv} URI the DNS says it, which is asked before each
 * connection: records that change are followed when another is opened, and cut none that is open.
 *
 * <pre>
 *   no answer, or no record          the last server; without one UNAVAILABLE, and asked again
 *   an answer that may not be used   UNAVAILABLE, and asked again
 * </pre>
 */
final class ServerLookup {

    /** What an answer has led to. */
    record Server(Dialer dialer, MongoClientOptions options) {}

    private final Vertx vertx;
    private final EndpointOptions endpoint;
    private final MongoClientOptions options;
    private final @Nullable MongoUri service;
    private final Spi spi;
    private final Supplier<String> nonces;
    private final DnsLookup dns;
    /** Of servers before the last, to which there are connections. */
    private final List<Dialer> leaving = new ArrayList<>();

    private @Nullable Server last;
    private boolean closed;

    /** @param service of SRV; null: the server is the endpoint @param nonces of logins */
    ServerLookup(
            Vertx vertx,
            EndpointOptions endpoint,
            MongoClientOptions options,
            @Nullable MongoUri service,
            Spi spi,
            Supplier<String> nonces) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.options = options;
        this.service = service;
        this.spi = spi;
        this.nonces = nonces;
        this.dns = new DnsLookup(vertx);
        this.last = service == null ? new Server(dialer(endpoint), options) : null;
    }

    /** The server now. */
    Future<Server> find() {
        MongoUri uri = service;
        if (uri == null) {
            return Future.succeededFuture(last());
        }
        Future<List<SrvTarget>> services = dns.services(MongoSrv.service(uri), endpoint.connectTimeoutMillis());
        Future<List<String>> texts =
                dns.texts(MongoSrv.name(uri), endpoint.connectTimeoutMillis()).recover(ServerLookup::none);
        return Future.join(services, texts).transform(over -> {
            if (closed) {
                return Future.failedFuture(new CallException(Reason.SHUTTING_DOWN, "the connector is closing"));
            } else if (last != null && (over.failed() || services.result().isEmpty())) {
                return Future.succeededFuture(last);
            } else if (over.failed()) {
                return unavailable(over.cause());
            }
            try {
                return Future.succeededFuture(server(uri, services.result(), texts.result()));
            } catch (IllegalArgumentException unfit) {
                return unavailable(unfit);
            }
        });
    }

    /** The server that was found last. */
    Server last() {
        if (last == null) {
            throw new IllegalStateException("before the first lookup");
        }
        return last;
    }

    int connectTimeoutMillis() {
        return endpoint.connectTimeoutMillis();
    }

    /** Closes the connections too. */
    Future<Void> close() {
        closed = true;
        List<Dialer> all = new ArrayList<>(leaving);
        if (last != null) {
            all.add(last.dialer());
        }
        return Future.join(all.stream().map(Dialer::close).toList()).mapEmpty();
    }

    private void leave(Dialer dialer) {
        leaving.add(dialer);
        dialer.retire().onComplete(unused -> leaving.remove(dialer));
    }

    private Server server(MongoUri uri, List<SrvTarget> targets, List<String> texts) {
        List<MongoUri.Host> hosts = targets.stream()
                .map(each -> new MongoUri.Host(each.host(), each.port()))
                .toList();
        MongoUri resolved = MongoSrv.resolved(uri, hosts, texts);
        List<String> notYet = resolved.notYet();
        if (!notYet.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", notYet));
        }
        MongoUri.Host host = resolved.hosts().get(0);
        EndpointOptions found =
                new EndpointOptions(host.name(), host.port(), endpoint.connectTimeoutMillis(), endpoint.tls());
        Server before = last;
        Dialer dialer = before == null ? null : before.dialer();
        if (dialer == null || !dialer.endpoint().equals(found)) {
            if (dialer != null) {
                leave(dialer);
            }
            dialer = dialer(found);
        }
        Server now = new Server(dialer, options.withUri(resolved, nonces));
        last = now;
        return now;
    }

    private Dialer dialer(EndpointOptions at) {
        return new Dialer(vertx, at, "mongodb", spi);
    }

    /** A name need not have texts. */
    private static Future<List<String>> none(Throwable cause) {
        return cause instanceof CallException said && said.reason() == Reason.NOT_FOUND
                ? Future.succeededFuture(List.of())
                : Future.failedFuture(cause);
    }

    private static <T> Future<T> unavailable(Throwable cause) {
        return Future.failedFuture(new CallException(Reason.UNAVAILABLE, "mongodb+srv: " + cause.getMessage(), cause));
    }
}
