package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.Printable;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of the addresses of an endpoint: they are tried one after the other until one can be connected to. One time
 * limit holds for the lookup and all attempts; each attempt has an equal share of what is left, so that an address that is
 * silent leaves room for the next. Addresses that failed last time are tried after the others.
 *
 * <p>Belongs to one context.
 */
final class AddressAttempts {

    /** Addresses of a name that are tried: of more, each would have little time, and the failure names them. */
    static final int MAX_ADDRESSES = 8;

    /** What the socket adds to its message: {@code : name/address:port}. */
    private static final Pattern WHERE = Pattern.compile(": [^ ]*/\\S+$");

    /** One attempt to connect. */
    @FunctionalInterface
    interface Attempt<T> {

        /** @param timeoutMillis for TCP; at least 1 */
        Future<T> at(SocketAddress address, int timeoutMillis);
    }

    private final EndpointOptions endpoint;
    private final AddressLookup lookup;
    private final AllowedNetworks allowed;
    private final Set<String> failed = new HashSet<>();
    /** The JDK's lookup cannot be given up: while the DNS is silent, each attempt would add one that waits for a thread. */
    private @Nullable Future<List<InetAddress>> lookingUp;

    private boolean closed;

    AddressAttempts(EndpointOptions endpoint, AddressLookup lookup) {
        this(endpoint, lookup, AllowedNetworks.ALL);
    }

    AddressAttempts(EndpointOptions endpoint, AddressLookup lookup, AllowedNetworks allowed) {
        this.endpoint = endpoint;
        this.lookup = lookup;
        this.allowed = allowed;
    }

    /**
     * @param timeoutMillis for the lookup and TCP; an attempt that connects in time may take longer for TLS
     * @return what the first attempt that succeeds gives. Fails with a {@link CallException}: UNAVAILABLE; UNAUTHENTICATED if
     *     TLS failed at all addresses and time does not heal it ({@link TlsFailure}); SHUTTING_DOWN once closed
     */
    <T> Future<T> connect(int timeoutMillis, Attempt<T> attempt) {
        if (closed) {
            return Future.failedFuture(closing());
        }
        long untilMillis = Monotonic.millis() + timeoutMillis;
        SocketAddress literal = SocketAddress.inetSocketAddress(endpoint.port(), endpoint.host());
        if (!allowed.allowsHost(endpoint.host())) {
            return Future.failedFuture(
                    failure(true, "its address is in no allowed network", new UnknownHostException(endpoint.host())));
        }
        if (literal.hostAddress() != null) {
            return tried(attempt, literal, timeoutMillis)
                    .recover(cause -> Future.failedFuture(failure(heals(cause), words(cause), cause)));
        }
        return addresses()
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(unresolved(timeoutMillis, cause)))
                .compose(found -> new Round<>(found, untilMillis, attempt).next());
    }

    private Future<List<InetAddress>> addresses() {
        if (lookingUp != null) {
            return lookingUp;
        }
        Future<List<InetAddress>> begun = lookup.of(endpoint.host()).map(this::allowed);
        lookingUp = begun;
        begun.onComplete(found -> lookingUp = null);
        return begun;
    }

    private List<InetAddress> allowed(List<InetAddress> found) {
        try {
            return allowed.of(found, endpoint.host());
        } catch (UnknownHostException none) {
            throw new UncheckedIOException(none.getMessage(), none);
        }
    }

    /** An address that the client below refuses at once must not end the round. */
    private static <T> Future<T> tried(Attempt<T> attempt, SocketAddress address, int timeoutMillis) {
        try {
            return attempt.at(address, timeoutMillis);
        } catch (RuntimeException refused) {
            return Future.failedFuture(refused);
        }
    }

    /** A connection to {@code address} that was made was of no use: it is tried after the others next time. */
    void isOfNoUse(@Nullable String address) {
        if (address != null) {
            failed.add(address);
        }
    }

    void close() {
        closed = true;
    }

    /** The addresses of one lookup, until one can be connected to. */
    private final class Round<T> {

        private final Attempt<T> attempt;
        private final long untilMillis;
        private final Deque<InetAddress> left = new ArrayDeque<>();
        private final int passedOver;
        /** What is wrong, and with which addresses. */
        private final Map<String, List<String>> wrong = new LinkedHashMap<>();

        private boolean mayHeal;

        Round(List<InetAddress> found, long untilMillis, Attempt<T> attempt) {
            this.attempt = attempt;
            this.untilMillis = untilMillis;
            List<InetAddress> order = AddressLookup.inTurns(found);
            failed.retainAll(order.stream().map(InetAddress::getHostAddress).toList());
            order.stream().filter(each -> !hasFailed(each)).forEach(left::add);
            order.stream().filter(AddressAttempts.this::hasFailed).forEach(left::add);
            passedOver = Math.max(0, left.size() - MAX_ADDRESSES);
            for (int i = 0; i < passedOver; i++) {
                left.removeLast();
            }
        }

        Future<T> next() {
            if (closed) {
                return Future.failedFuture(closing());
            }
            InetAddress address = left.remove();
            long shareMillis = (untilMillis - Monotonic.millis()) / (left.size() + 1);
            // Without the name, by which Vert.x's HTTP client would take all addresses for one.
            SocketAddress there = SocketAddress.inetSocketAddress(endpoint.port(), address.getHostAddress());
            return tried(attempt, there, (int) Math.max(1, shareMillis))
                    .onSuccess(made -> failed.remove(address.getHostAddress()))
                    .recover(cause -> failed(address.getHostAddress(), cause));
        }

        private Future<T> failed(String address, Throwable cause) {
            failed.add(address);
            mayHeal |= heals(cause);
            wrong.computeIfAbsent(words(cause), first -> new ArrayList<>()).add(address);
            if (left.isEmpty() || Monotonic.millis() >= untilMillis) {
                return Future.failedFuture(failure(mayHeal, allWords(), cause));
            }
            return next();
        }

        private String allWords() {
            int untried = left.size() + passedOver;
            return wrong.entrySet().stream()
                            .map(each -> each.getKey() + " at " + String.join(", ", each.getValue()))
                            .collect(Collectors.joining("; "))
                    + (untried == 0 ? "" : "; not tried: " + untried + " more");
        }
    }

    private boolean hasFailed(InetAddress address) {
        return failed.contains(address.getHostAddress());
    }

    private CallException unresolved(int timeoutMillis, Throwable cause) {
        String words = cause instanceof TimeoutException
                ? "no answer to the lookup of its addresses within " + timeoutMillis + " ms"
                : "no address found: " + cause.getMessage();
        return failure(true, words, cause);
    }

    private CallException failure(boolean heals, String words, Throwable cause) {
        if (closed) {
            return closing();
        }
        String line = Printable.line(words);
        return new CallException(
                heals ? Reason.UNAVAILABLE : Reason.UNAUTHENTICATED,
                line.startsWith("TLS with ") ? line : "cannot connect to " + endpoint.target() + ": " + line,
                cause);
    }

    private CallException closing() {
        return new CallException(Reason.SHUTTING_DOWN, "the dialer of " + endpoint.target() + " is closed");
    }

    private boolean heals(Throwable cause) {
        return !TlsFailure.isIn(cause) || tls(cause).reason() == Reason.UNAVAILABLE;
    }

    private String words(Throwable cause) {
        return TlsFailure.isIn(cause)
                ? String.valueOf(tls(cause).getMessage())
                : WHERE.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
    }

    private CallException tls(Throwable cause) {
        TlsOptions tls = endpoint.tls();
        return TlsFailure.of(endpoint.target(), tls != null && tls.certificate() != null, cause);
    }
}
