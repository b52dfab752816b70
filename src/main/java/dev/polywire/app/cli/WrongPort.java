package dev.polywire.app.cli;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.TlsFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.serviceproxy.ServiceException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** What is wrong with {@code --host}, {@code --port} and {@code --tls} when no bridge answers, and what to do. */
final class WrongPort {

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int RECORD_HEAD_BYTES = 3;

    private WrongPort() {}

    /** The failure of an attempt to connect. @param target host and port, as text for people */
    static ServiceException unreachable(String target, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        String words;
        if (failure instanceof UnknownHostException) {
            words = "no such host (expected: in --host a name that can be resolved, or an address)";
        } else if (reason.contains("refused")) {
            words = "nobody listens there (expected: a Polywire that runs, with a bridge at this --host and --port)";
        } else if (failure instanceof SocketTimeoutException) {
            words = "no answer (expected: a machine that is up, and no firewall on the way)";
        } else {
            words = reason;
        }
        return Failure.UNAVAILABLE.because("cannot connect to " + target + ": " + words);
    }

    /** The failure of plain TCP with a bridge that speaks TLS. */
    static CallException needsTls(String target) {
        return new CallException(
                CallException.Reason.UNAUTHENTICATED,
                target + " speaks TLS (expected: --tls, or --tls-trust with its certificate or authority)");
    }

    /** The failure of TLS with a bridge that does not speak it. */
    static ServiceException needsNoTls(String target) {
        return Failure.UNAUTHENTICATED.because(target + " answers without TLS (expected: no --tls, or another --port)");
    }

    /** Whether a port that says nothing to plain TCP answers the begin of a TLS handshake. Connects to it. */
    static boolean speaksTls(SocketAddress bridge) {
        try (Socket socket = new Socket()) {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(bridge, PATIENCE_MILLIS);
            socket.getOutputStream().write(hello.array(), 0, hello.position());
            return TlsFailure.isRecord(Buffer.buffer(socket.getInputStream().readNBytes(RECORD_HEAD_BYTES)));
        } catch (IOException | NoSuchAlgorithmException unknown) {
            return false;
        }
    }
}
