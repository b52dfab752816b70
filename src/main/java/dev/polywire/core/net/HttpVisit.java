package dev.polywire.core.net;

import dev.polywire.core.net.HttpRequest.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection of a client to an {@link HttpResponder}, and its one request. */
final class HttpVisit {

    private static final int BAD_REQUEST = 400;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int INTERNAL_SERVER_ERROR = 500;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final Vertx vertx;
    private final HttpConnection connection;
    private final int timeoutMillis;
    private final int maxBodyBytes;
    private final Buffer body = Buffer.buffer();
    private long timer;
    private @Nullable HttpServerRequest request;
    private boolean whole;
    private boolean answered;

    HttpVisit(Vertx vertx, HttpConnection connection, int timeoutMillis, int maxBodyBytes) {
        this.vertx = vertx;
        this.connection = connection;
        this.timeoutMillis = timeoutMillis;
        this.maxBodyBytes = maxBodyBytes;
        this.timer = vertx.setTimer(timeoutMillis, late -> late());
    }

    void closed() {
        vertx.cancelTimer(timer);
        answered = true;
    }

    void asked(HttpServerRequest asked, Function<HttpRequest, Future<HttpResponse>> handler) {
        if (request != null) {
            // The answer of the first one has said that there is no second one.
            connection.close();
            return;
        }
        request = asked;
        asked.exceptionHandler(gone -> {}).handler(this::received);
        asked.response().exceptionHandler(gone -> {});
        List<String> path = HttpPath.parts(asked.path());
        if (asked.method() != HttpMethod.GET && asked.method() != HttpMethod.POST) {
            asked.response().putHeader(HttpHeaders.ALLOW, "GET, POST");
            answer(HttpResponse.of(METHOD_NOT_ALLOWED));
        } else if (path == null) {
            answer(HttpResponse.of(BAD_REQUEST));
        } else {
            Method method = asked.method() == HttpMethod.GET ? Method.GET : Method.POST;
            String authorization = Objects.requireNonNullElse(asked.getHeader(HttpHeaders.AUTHORIZATION), "");
            asked.endHandler(end -> whole(new HttpRequest(method, path, authorization, body), handler));
        }
    }

    /** What follows an early answer is read and thrown away: who closes at once resets, and the answer is lost. */
    private void received(Buffer piece) {
        if (!answered && body.length() + piece.length() > maxBodyBytes) {
            answer(HttpResponse.of(CONTENT_TOO_LARGE));
        } else if (!answered) {
            body.appendBuffer(piece);
        }
    }

    private void whole(HttpRequest asked, Function<HttpRequest, Future<HttpResponse>> handler) {
        if (answered) {
            return;
        }
        whole = true;
        restartTimer();
        try {
            handler.apply(asked).onComplete(this::answer, failure -> answer(HttpResponse.of(INTERNAL_SERVER_ERROR)));
        } catch (RuntimeException bug) {
            answer(HttpResponse.of(INTERNAL_SERVER_ERROR));
            throw bug;
        }
    }

    private void late() {
        if (request != null && !answered) {
            answer(HttpResponse.of(whole ? SERVICE_UNAVAILABLE : REQUEST_TIMEOUT));
        } else {
            connection.close();
        }
    }

    private void restartTimer() {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(timeoutMillis, late -> late());
    }

    private void answer(HttpResponse answer) {
        if (answered) {
            return;
        }
        answered = true;
        restartTimer();
        HttpServerRequest asked = Objects.requireNonNull(request);
        HttpServerResponse response = asked.response();
        if (!answer.contentType().isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(answer.body())
                .onComplete(written -> {
                    if (asked.isEnded()) {
                        connection.close();
                    }
                });
    }
}
