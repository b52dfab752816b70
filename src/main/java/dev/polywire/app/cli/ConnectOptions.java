package dev.polywire.app.cli;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The address of the bridge, the credentials, and the timeouts. */
final class ConnectOptions {

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final double MAX_TIMEOUT_SECONDS = 86_400;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "the bridge's host (${DEFAULT-VALUE})")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "7000",
            description = "the bridge's port (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "25",
            description = "how long a request may take (${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @ArgGroup
    private @Nullable Token token;

    @ArgGroup(exclusive = false)
    private @Nullable ClientTls tls;

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    /** The source of the token; never an argument itself, because every user of the machine can read arguments. */
    static final class Token {

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                required = true,
                description = "log in with the token in this file")
        private @Nullable Path file;

        @Option(
                names = "--token-env",
                paramLabel = "NAME",
                required = true,
                description = "log in with the token in this environment variable")
        private @Nullable String variable;
    }

    long timeoutMillis() {
        if (!(timeoutSeconds >= 0.001 && timeoutSeconds <= MAX_TIMEOUT_SECONDS)) {
            throw usage("--timeout: " + timeoutSeconds + " (expected: 0.001 to 86400 seconds)");
        }
        return Math.round(timeoutSeconds * 1_000);
    }

    /** Connects, and logs in if there is a token. */
    BridgeClient open() {
        String secret = secret();
        BridgeClient bridge = new BridgeClient(connect());
        try {
            if (secret != null) {
                bridge.login(secret, timeoutMillis());
            } else {
                // A bridge that refuses our certificate, or plain TCP, is asked for nothing that it could have done.
                bridge.ping(timeoutMillis());
            }
            return bridge;
        } catch (RuntimeException refused) {
            bridge.close();
            throw refused;
        }
    }

    private FrameSocket connect() {
        if (port < 1 || port > 65_535) {
            throw usage("--port: " + port + " (expected: 1 to 65535)");
        }
        SSLContext context = context();
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(endpoint().host(), port), CONNECT_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            return context == null
                    ? new FrameSocket(socket, target(), false)
                    : new FrameSocket(secured(context, socket), target(), tls != null && tls.isCertified());
        } catch (IOException refused) {
            throw WrongPort.unreachable(target(), refused);
        }
    }

    private @Nullable SSLContext context() {
        try {
            return tls == null ? null : tls.context();
        } catch (GeneralSecurityException unusable) {
            throw usage(String.valueOf(unusable.getMessage()));
        }
    }

    private Socket secured(SSLContext context, Socket socket) {
        try {
            return ClientTls.on(context, socket, endpoint().host());
        } catch (IOException refused) {
            if (TlsFailure.isPlain(refused)) {
                throw WrongPort.needsNoTls(target());
            }
            throw Failure.of(TlsFailure.of(target(), tls != null && tls.isCertified(), refused));
        }
    }

    private String target() {
        return endpoint().target();
    }

    private EndpointOptions endpoint() {
        return EndpointOptions.of(host, port);
    }

    private @Nullable String secret() {
        if (token == null) {
            return null;
        }
        if (token.variable != null) {
            String value = System.getenv(token.variable);
            if (value == null) {
                throw usage("--token-env: " + token.variable + " is not set");
            }
            return value.strip();
        }
        try {
            return Files.readString(Objects.requireNonNull(token.file)).strip();
        } catch (IOException unreadable) {
            throw usage("--token-file: cannot be read (" + unreadable.getMessage() + ")");
        }
    }

    private ParameterException usage(String complaint) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), complaint);
    }
}
