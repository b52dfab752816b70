package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One question of {@link HttpGet} and its answer, of which nothing is kept that is over a limit. */
final class HttpExchange {

    private static final int FIRST_REDIRECT = 300;
    private static final int LAST_REDIRECT = 399;

    private final EndpointOptions endpoint;
    private final HttpLimits limits;
    private final long timeoutMillis;
    private final Promise<HttpResponse> answer = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private @Nullable HttpClientRequest request;

    HttpExchange(EndpointOptions endpoint, HttpLimits limits, long timeoutMillis) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.timeoutMillis = timeoutMillis;
    }

    Future<HttpResponse> answer() {
        return answer.future();
    }

    /** The time is over. */
    void late() {
        end(
                request == null
                        ? new CallException(
                                Reason.UNAVAILABLE,
                                "cannot connect to " + endpoint.target() + ": no connection within " + timeoutMillis
                                        + " ms")
                        : new CallException(
                                Reason.TIMEOUT, endpoint.target() + ": no answer within " + timeoutMillis + " ms"));
    }

    void connected(HttpClientRequest connected) {
        request = connected;
        // Without these Vert.x writes what the peer has sent into the log.
        connected.exceptionHandler(this::failed).connection().exceptionHandler(this::failed);
        if (answer.future().isComplete()) {
            connected.reset();
        } else {
            connected.send().onComplete(this::answered, this::failed);
        }
    }

    void failed(Throwable cause) {
        end(failure(cause));
    }

    private void answered(HttpClientResponse response) {
        response.exceptionHandler(this::failed);
        int status = response.statusCode();
        if (status >= FIRST_REDIRECT && status <= LAST_REDIRECT) {
            end(ProtocolException.decode(
                    endpoint.target() + ": status: " + status + " (expected: no redirect, which is not followed)"));
            return;
        }
        String announced = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && Long.parseLong(announced) > limits.bodyBytes()) {
            end(tooLong("a body", limits.bodyBytes()));
            return;
        }
        response.handler(this::received)
                .endHandler(whole -> answer.tryComplete(new HttpResponse(
                        status, Objects.requireNonNullElse(response.getHeader(HttpHeaders.CONTENT_TYPE), ""), body)));
    }

    private void received(Buffer piece) {
        if (body.length() + piece.length() > limits.bodyBytes()) {
            end(tooLong("a body", limits.bodyBytes()));
        } else if (!answer.future().isComplete()) {
            body.appendBuffer(piece);
        }
    }

    private void end(RuntimeException failure) {
        if (answer.tryFail(failure) && request != null) {
            request.reset();
        }
    }

    /** Netty's words are compared and not passed on: some have what the peer has sent. */
    private RuntimeException failure(Throwable cause) {
        if (cause instanceof CallException known) {
            return known;
        } else if (TlsFailure.isIn(cause)) {
            TlsOptions tls = endpoint.tls();
            return TlsFailure.of(endpoint.target(), tls != null && tls.certificate() != null, cause);
        }
        String words = String.valueOf(cause.getMessage());
        if (cause instanceof HttpClosedException
                || cause instanceof IOException
                || words.startsWith("Connection closed before")) {
            return CallException.lost(endpoint.target() + " has closed the connection before the end of its answer");
        }
        if (words.startsWith("An HTTP line is larger")) {
            return tooLong("a first line", limits.lineBytes());
        } else if (words.startsWith("HTTP header is larger")) {
            return tooLong("a header", limits.headerBytes());
        }
        return ProtocolException.framing(endpoint.target() + ": an answer that is no HTTP (expected: HTTP/1.1"
                + (endpoint.tls() == null ? " without TLS)" : ")"));
    }

    private ProtocolException tooLong(String what, int most) {
        return ProtocolException.limit(endpoint.target() + ": " + what + " of more bytes (expected: <= " + most + ")");
    }
}
