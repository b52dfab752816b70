package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.Printable;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Asks the DNS where a service is and what is said about a name: SRV and TXT records, of the name servers of a {@link Vertx}. Does
 * not remember answers. Lookups fail with
 *
 * <pre>
 *   CallException BAD_REQUEST    the name is none
 *   CallException NOT_FOUND      there is no such name, or it has no such record
 *   CallException UNAVAILABLE    no name server answers in time; or one does, and refuses or has failed: the message says which
 *   ProtocolException            the answer has more than 64 records (LIMIT), or cannot be read (DECODE)
 * </pre>
 */
public final class DnsLookup {

    /** Many times what a cluster has; of TXT records the longest is 64 KiB in all. */
    public static final int MAX_RECORDS = 64;

    private static final int MAX_NAME_CHARACTERS = 253;

    /** Labels as hosts have them, and with {@code _} as services have it; not a number alone at the end, which is an address. */
    private static final Pattern NAME = Pattern.compile(
            "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*[A-Za-z_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");

    private final Vertx vertx;

    public DnsLookup(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * The targets of a service, in no order: {@link SrvTarget#inOrder}.
     *
     * @param name {@code _mongodb._tcp.example.com}
     * @param timeoutMillis at least 1
     * @return not empty
     */
    public Future<List<SrvTarget>> services(String name, long timeoutMillis) {
        if (!isName(name)) {
            return noName(name);
        }
        String what = "SRV records of " + name;
        return outcome(what, timeoutMillis, Spi.services(vertx, name, timeoutMillis))
                .map(targets -> checked(what, targets));
    }

    /**
     * All addresses of a host, by the resolver that connections use.
     *
     * @param host a name, or an address: then it is the answer
     * @param timeoutMillis at least 1
     * @return not empty, as text. Fails with UNAVAILABLE
     */
    public Future<List<String>> addresses(String host, long timeoutMillis) {
        if (SocketAddress.inetSocketAddress(1, host).hostAddress() != null) {
            return Future.succeededFuture(List.of(host));
        }
        return Spi.addresses(vertx, host)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .map(found -> found.stream()
                        .limit(MAX_RECORDS)
                        .map(InetAddress::getHostAddress)
                        .toList())
                .recover(cause -> Future.failedFuture(new CallException(
                        Reason.UNAVAILABLE,
                        "addresses of " + Printable.line(host) + ": none found within " + timeoutMillis + " ms",
                        cause)));
    }

    /**
     * The texts of a name. The parts of a record are joined.
     *
     * @param timeoutMillis at least 1
     * @return one for each record, in no order; not empty
     */
    public Future<List<String>> texts(String name, long timeoutMillis) {
        if (!isName(name)) {
            return noName(name);
        }
        String what = "TXT records of " + name;
        return outcome(what, timeoutMillis, Spi.texts(vertx, name, timeoutMillis))
                .map(records -> records.stream().map(each -> text(what, each)).toList());
    }

    /** Whether it can stand in a question: letters, digits, hyphens and underscores, in labels of at most 63. */
    static boolean isName(String name) {
        return name.length() <= MAX_NAME_CHARACTERS && NAME.matcher(name).matches();
    }

    /** @param parts each with its length before it, in a byte */
    static String text(String what, Buffer parts) {
        Buffer joined = Buffer.buffer();
        for (int at = 0; at < parts.length(); ) {
            int end = at + 1 + parts.getUnsignedByte(at);
            if (end > parts.length()) {
                throw ProtocolException.decode(what + ": a text of " + (end - at - 1) + " bytes (expected: <= "
                        + (parts.length() - at - 1) + ")");
            }
            joined.appendBuffer(parts, at + 1, end - at - 1);
            at = end;
        }
        String text = Utf8.text(joined);
        if (text == null) {
            throw ProtocolException.decode(what + ": not UTF-8 (expected: text)");
        }
        return text;
    }

    private static List<SrvTarget> checked(String what, List<SrvTarget> targets) {
        if (targets.size() == 1 && targets.get(0).host().isEmpty()) {
            throw new CallException(Reason.NOT_FOUND, what + ": the service is not offered there");
        }
        for (SrvTarget each : targets) {
            if (!isName(each.host())) {
                throw ProtocolException.decode(what + ": the name of a target: " + Printable.line(each.host())
                        + " (expected: letters, digits, hyphens and dots)");
            }
        }
        return targets;
    }

    private static <T> Future<List<T>> outcome(String what, long timeoutMillis, Future<List<T>> answer) {
        return answer.transform((records, failure) -> {
            if (failure instanceof ProtocolException) {
                return Future.failedFuture(failure);
            } else if (failure != null) {
                return Future.failedFuture(failure(what, timeoutMillis, failure));
            } else if (records.size() > MAX_RECORDS) {
                return Future.failedFuture(
                        ProtocolException.limit(what + ": " + records.size() + " (expected: <= " + MAX_RECORDS + ")"));
            }
            return Future.succeededFuture(records);
        });
    }

    private static CallException failure(String what, long timeoutMillis, Throwable failure) {
        if (!(failure instanceof DnsException said)) {
            return new CallException(
                    Reason.UNAVAILABLE, what + ": no name server answers within " + timeoutMillis + " ms", failure);
        } else if (said.code() == DnsResponseCode.NXDOMAIN) {
            return new CallException(Reason.NOT_FOUND, what + ": there are none", failure);
        }
        String words = said.code() == DnsResponseCode.REFUSED ? "refuses to answer" : "has failed";
        return new CallException(
                Reason.UNAVAILABLE,
                what + ": the name server " + words + " (code " + said.code().code() + ")",
                failure);
    }

    private static <T> Future<T> noName(String name) {
        return Future.failedFuture(new CallException(
                Reason.BAD_REQUEST,
                "name: " + Printable.line(name) + " (expected: a name of the DNS, such as _mongodb._tcp.example.com)"));
    }
}
