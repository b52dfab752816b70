package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.Printable;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The one place that turns the cause of a failed TLS handshake into words for people, and into what it means for a call:
 *
 * <pre>
 *   UNAVAILABLE       time may heal it: silence, an end without a word, an internal error of the peer, a certificate
 *                     that is not valid yet
 *   UNAUTHENTICATED   everything else: a certificate that is not accepted, on either side; versions; a port without TLS
 * </pre>
 */
public final class TlsFailure {

    /** Of plain TCP that the peer closes: most ports for TLS say nothing to it. */
    public static final String MAYBE_SECURED = " before it has sent anything (is it a port for TLS?)";

    private static final int MAX_CAUSES = 20;
    /** What a TLS record begins with: an alert or a handshake, version 3.x. */
    private static final int ALERT = 21;

    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int RECORD_HEAD_BYTES = 3;

    private static final Pattern RECEIVED_ALERT = Pattern.compile("Received fatal alert: (\\w+)");
    /** The JDK's words, of a client and of a server. */
    private static final Pattern OTHER_VERSION =
            Pattern.compile("(?:selected protocol version|requested protocol) (\\S+)");

    private static final String VERSIONS = "TLS 1.2 or 1.3";
    private static final String MAYBE_PLAIN = " (is it a port without TLS?)";

    private TlsFailure() {}

    /**
     * The failure of an attempt to connect.
     *
     * @param target the peer, as text for people
     * @param certified whether we have a certificate to show
     */
    public static CallException of(String target, boolean certified, Throwable failure) {
        SSLException tls = first(SSLException.class, failure);
        PeerCertificateException refused = first(PeerCertificateException.class, failure);
        if (refused != null) {
            return failed(refused.heals(), target, String.valueOf(refused.getMessage()), failure);
        }
        Throwable last = last(failure);
        String text = String.valueOf(last.getMessage());
        Matcher alert = RECEIVED_ALERT.matcher(text);
        if (alert.find()) {
            String name = alert.group(1);
            return failed(
                    name.equals("internal_error") || name.equals("user_canceled"),
                    target,
                    said(name, certified),
                    failure);
        } else if (isPlain(failure)) {
            return failed(false, target, "the peer answers without TLS" + MAYBE_PLAIN, failure);
        } else if (last instanceof SocketTimeoutException || text.contains("handshake timed out")) {
            return failed(true, target, "the peer does not go on with the handshake" + MAYBE_PLAIN, failure);
        } else if (last instanceof ClosedChannelException || last instanceof EOFException) {
            return failed(true, target, "closed by the peer within the handshake" + MAYBE_PLAIN, failure);
        }
        Matcher version = OTHER_VERSION.matcher(text);
        if (version.find()) {
            return failed(
                    false, target, "the peer speaks " + version.group(1) + " (expected: " + VERSIONS + ")", failure);
        }
        boolean judged = tls != null && last instanceof SSLException;
        return failed(!judged, target, text + (judged ? "" : MAYBE_PLAIN), failure);
    }

    /** Whether the peer has answered a handshake with something that is no TLS. */
    public static boolean isPlain(Throwable failure) {
        // Netty's words, with the bytes; and the JDK's.
        String text = String.valueOf(last(failure).getMessage());
        return text.contains("not an SSL/TLS record") || text.contains("Unsupported or unrecognized SSL message");
    }

    /** Whether {@code failure} is one of TLS. */
    public static boolean isIn(@Nullable Throwable failure) {
        return first(SSLException.class, failure) != null;
    }

    /** Whether {@code failure} is the end of a handshake: with TLS 1.3 a client learns behind it that it is refused. */
    public static boolean isOfHandshake(@Nullable Throwable failure) {
        return first(SSLHandshakeException.class, failure) != null;
    }

    /** Whether what a peer sends looks like TLS. @param begin its first bytes */
    public static boolean isRecord(Buffer begin) {
        return begin.length() >= RECORD_HEAD_BYTES
                && (begin.getByte(0) == ALERT || begin.getByte(0) == HANDSHAKE)
                && begin.getByte(1) == MAJOR_VERSION
                && begin.getByte(2) <= MAJOR_VERSION + 1
                && begin.getByte(2) >= 0;
    }

    /** The failure of plain TCP with a peer that speaks TLS. */
    public static CallException notPlain(String target, @Nullable Throwable failure) {
        return new CallException(
                Reason.UNAUTHENTICATED, target + " speaks TLS (expected: plain TCP; is tls missing here?)", failure);
    }

    private static String said(String alert, boolean certified) {
        String words = switch (alert) {
            case "protocol_version" -> "the peer speaks another version (expected: " + VERSIONS + ")";
            case "certificate_required",
                    "bad_certificate",
                    "no_certificate",
                    "unsupported_certificate",
                    "certificate_revoked",
                    "certificate_expired",
                    "certificate_unknown",
                    "unknown_ca",
                    "access_denied" ->
                certified ? "the peer does not accept our certificate" : "the peer demands a certificate of ours";
            case "handshake_failure", "insufficient_security" ->
                "nothing in common with the peer: a cipher"
                        + (certified ? "" : ", or a certificate of ours that it demands");
            case "unrecognized_name" -> "the peer does not have the name that was dialled";
            default -> "ended by the peer";
        };
        return words + " (alert " + alert + ")";
    }

    private static CallException failed(boolean heals, String target, String words, Throwable failure) {
        return new CallException(
                heals ? Reason.UNAVAILABLE : Reason.UNAUTHENTICATED,
                "TLS with " + target + ": " + Printable.line(words),
                failure);
    }

    private static Throwable last(Throwable failure) {
        Throwable last = failure;
        for (int i = 0; i < MAX_CAUSES && last.getCause() != null; i++) {
            last = last.getCause();
        }
        return last;
    }

    private static <T extends Throwable> @Nullable T first(Class<T> type, @Nullable Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
