package dev.polywire.bolt.service;

import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.ServerSession;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends requests to the consumer that answers queries, while the client waits, and notifies it when the client stops. */
final class QueryRequests {

    /** On a timeout the client is notified first; the request on the bus waits a little longer. */
    private static final long GRACE_MILLIS = 2_000;

    private final Vertx vertx;
    private final String address;
    private final String cancelled;
    private final long silenceMillis;
    private long asked;
    private long failed;

    /** @param silenceMillis how long a stream of rows may give no items */
    QueryRequests(Vertx vertx, String address, long silenceMillis) {
        this.vertx = vertx;
        this.address = address;
        this.cancelled = address + ".cancelled";
        this.silenceMillis = silenceMillis;
    }

    /** The number of requests so far. */
    long asked() {
        return asked;
    }

    /** The number of failed requests. */
    long failed() {
        return failed;
    }

    Future<QueryResult> run(
            String to, JsonObject body, String query, Map<String, @Nullable Object> parameters, ServerSession session) {
        body.put("query", query).put("parameters", TypedJson.fields(parameters));
        return ask(to, "run", body, session).map(answer -> QueryAnswer.read(vertx, answer, silenceMillis));
    }

    String address() {
        return address;
    }

    /** @param body gets the field {@code session} */
    Future<@Nullable JsonObject> ask(String action, JsonObject body, ServerSession session) {
        return ask(address, action, body, session, QueryFailure::of);
    }

    Future<@Nullable JsonObject> askLogin(JsonObject body, ServerSession session) {
        return ask(address, "authenticate", body, session, QueryFailure::ofLogin);
    }

    /** Sends a request to the address of a handle. */
    Future<@Nullable JsonObject> ask(String room, String action, JsonObject body, ServerSession session) {
        return ask(room, action, body, session, QueryFailure::of);
    }

    private Future<@Nullable JsonObject> ask(
            String to, String action, JsonObject body, ServerSession session, Function<Throwable, Throwable> failure) {
        String request = session.peer().connectionId() + "/" + ++asked;
        session.whenCancelled(() -> vertx.eventBus().publish(cancelled, new JsonObject().put("request", request)));
        return vertx.eventBus()
                .request(
                        to,
                        body.put("session", SessionJson.of(session, request)),
                        options(action, session.remainingMillis()))
                .map(reply -> object(reply.body()))
                .recover(cause -> {
                    failed++;
                    return Future.failedFuture(failure.apply(cause));
                });
    }

    static DeliveryOptions options(String action, long remainingMillis) {
        long millis = Math.max(1, remainingMillis);
        return new DeliveryOptions()
                .addHeader("action", action)
                .addHeader(RequestTable.TIMEOUT, Long.toString(millis))
                .setSendTimeout(millis + GRACE_MILLIS);
    }

    private static @Nullable JsonObject object(@Nullable Object body) {
        if (body == null || body instanceof JsonObject) {
            return (JsonObject) body;
        }
        throw new FieldException("answer", Fields.kind(body) + " (expected: an object)");
    }
}
