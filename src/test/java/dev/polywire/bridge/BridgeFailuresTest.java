package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.json.Fields;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceBinder;
import io.vertx.serviceproxy.ServiceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client hears when a service fails, in each way a service can. */
class BridgeFailuresTest {

    private static final JsonObject SERVER = new JsonObject().put("code", 11_000);

    private BridgeRig rig;
    private BridgeClient client;

    /** Fails with the failure that the stream's id names. */
    private static final class Failing implements StreamService {

        @Override
        public Future<JsonObject> next(String id, long batch, int max, Long waitMillis) {
            return Future.failedFuture(Failure.valueOf(id).because("because of " + id, batch == 1, batch == 2, SERVER));
        }

        @Override
        public Future<JsonObject> settle(
                String id, JsonArray ack, JsonArray nack, JsonArray reject, JsonObject options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> close(String id) {
            return Future.succeededFuture();
        }
    }

    /** A service of somebody else, which does not know how to fail. */
    private static final class Throwing implements StreamService {

        @Override
        public Future<JsonObject> next(String id, long batch, int max, Long waitMillis) {
            return Future.failedFuture(new IllegalStateException("secret of com.example.Thing"));
        }

        @Override
        public Future<JsonObject> settle(
                String id, JsonArray ack, JsonArray nack, JsonArray reject, JsonObject options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> close(String id) {
            throw new IllegalStateException("secret of com.example.Thing");
        }
    }

    @BeforeEach
    void start() {
        rig = new BridgeRig(new JsonObject(), call("polywire.test", "next", "close"), call("plain"), call("thrown"));
        JsonObject config = new JsonObject().put("name", "test");
        Future<Void> served = rig.onLoop(
                () -> new Connector(rig.vertx, ConnectorOptions.fromJson(Fields.of(config), "test"), "test", "nowhere")
                        .serve(StreamService.class, new Failing()));
        await(served);
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.pings().close();
        rig.close();
    }

    private static JsonObject next(String id, long batch) {
        return new JsonObject().put("id", id).put("batch", batch).put("max", 1);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void passesOnWhatAServiceSays(Failure failure) {
        for (int batch = 1; batch <= 2; batch++) {
            JsonObject err = client.request("polywire.test", "next", next(failure.name(), batch))
                    .read();
            JsonObject debugInfo = new JsonObject()
                    .put("name", failure.name())
                    .put("retryable", batch == 1)
                    .put("mayHaveExecuted", batch == 2)
                    .put("server", SERVER);
            assertEquals(
                    new JsonObject()
                            .put("type", "err")
                            .put("address", "r")
                            .put("sourceAddress", "polywire.test")
                            .put("failureCode", failure.code())
                            .put("failureType", "RECIPIENT_FAILURE")
                            .put("message", "because of " + failure.name())
                            .put("debugInfo", debugInfo),
                    err);
        }
    }

    @Test
    void answersAVoidMethodWithNull() {
        JsonObject answer = client.request("polywire.test", "close", new JsonObject().put("id", "1"))
                .read();
        assertEquals("message", answer.getString("type"));
        assertEquals(null, answer.getValue("body"));
    }

    /** V24: a service has no field for a secret, and none comes back. */
    @Test
    void v24CredentialsInABodyAreRefusedByTheService() {
        JsonObject err = client.request(
                        "polywire.test", "next", next("CONFLICT", 1).put("password", "canary-7f3a"))
                .read();
        assertEquals(4400, err.getInteger("failureCode"));
        assertEquals("password: unknown field", err.getString("message"));
        assertFalse(err.encode().contains("canary-7f3a"), err.encode());
    }

    /** V23: a failure that is not typed says nothing of the inside, whether it was returned or thrown. */
    @ParameterizedTest
    @CsvSource({"next,true", "next,false", "close,true", "close,false"})
    void v23AnUntypedFailureIsInternal(String action, boolean includeDebugInfo) {
        new ServiceBinder(rig.vertx)
                .setAddress("thrown")
                .setIncludeDebugInfo(includeDebugInfo)
                .register(StreamService.class, new Throwing());
        JsonObject err = client.request("thrown", action, next("1", 1)).read();
        assertEquals(4500, err.getInteger("failureCode"), err.encode());
        assertEquals(
                new JsonObject().put("name", "INTERNAL").put("retryable", false).put("mayHaveExecuted", true),
                err.getJsonObject("debugInfo"));
        for (String inside : new String[] {"secret", "com.example", "Exception", "java"}) {
            assertFalse(err.encode().contains(inside), err.encode());
        }
    }

    @Test
    void v23StackTracesOfATypedFailureStayHere() {
        JsonObject debugInfo = new JsonObject()
                .put("shelf", 7)
                .put("causeName", "com.example.Thing")
                .put("causeMessage", "secret")
                .put("causeStackTrace", new JsonArray().add("com.example.Thing.run(Thing.java:1)"));
        rig.vertx
                .eventBus()
                .consumer("plain", message -> message.reply(new ServiceException(42, "not on the shelf", debugInfo)));
        JsonObject err = client.request("plain", "any", null).read();
        assertEquals(42, err.getInteger("failureCode"));
        assertEquals("not on the shelf", err.getString("message"));
        assertEquals(
                new JsonObject()
                        .put("name", "RECIPIENT_FAILURE")
                        .put("retryable", false)
                        .put("mayHaveExecuted", true)
                        .put("shelf", 7),
                err.getJsonObject("debugInfo"));
        assertEquals(4, debugInfo.size());
    }

    /** A plain consumer's {@code fail}, by code. */
    @ParameterizedTest
    @CsvSource({
        "42, 42, why, RECIPIENT_FAILURE, false, true",
        "4404, 4404, why, NOT_FOUND, false, false",
        "4429, 4429, why, OVERLOADED, true, false",
        "0, 0, why, RECIPIENT_FAILURE, false, true",
        "-1, 4500, failure -1, INTERNAL, false, true",
        "500, 4500, failure 500, INTERNAL, false, true",
    })
    void passesOnAPlainFailure(
            int code, int heard, String message, String name, boolean retryable, boolean mayHaveExecuted) {
        rig.vertx.eventBus().consumer("plain", request -> request.fail(code, "why"));
        JsonObject err = client.request("plain", "any", null).read();
        assertEquals(heard, err.getInteger("failureCode"));
        assertEquals("RECIPIENT_FAILURE", err.getString("failureType"));
        assertEquals(message, err.getString("message"));
        assertEquals(
                new JsonObject().put("name", name).put("retryable", retryable).put("mayHaveExecuted", mayHaveExecuted),
                err.getJsonObject("debugInfo"));
    }

    @Test
    void aFailureWithoutWordsHasAnEmptyMessage() {
        rig.vertx.eventBus().consumer("plain", request -> request.fail(42, null));
        assertEquals("", client.request("plain", "any", null).read().getString("message"));
    }

    @Test
    void anAddressWithoutAConsumerIsUnavailable() {
        heardFromTheBus(client.request("plain", "any", null).read(), Failure.UNAVAILABLE, "NO_HANDLERS");
    }

    @Test
    void aServiceThatNeverAnswersIsATimeout() {
        rig.vertx.eventBus().consumer("plain", silent -> {});
        JsonObject err = client.request("plain", new JsonObject().put("timeout", 1), null)
                .read();
        heardFromTheBus(err, Failure.TIMEOUT, "TIMEOUT");
    }

    @Test
    void aServiceThatLeavesWithARequestWaitingNeverRanIt() {
        MessageConsumer<Object> paused =
                rig.vertx.eventBus().consumer("plain").pause().handler(never -> {});
        client.request("plain", "any", null).pings();
        rig.onLoop(paused::unregister);
        heardFromTheBus(client.read(), Failure.SHUTTING_DOWN, "TIMEOUT");
    }

    private static void heardFromTheBus(JsonObject err, Failure failure, String type) {
        assertEquals(failure.code(), err.getInteger("failureCode"), err.encode());
        assertEquals(type, err.getString("failureType"));
        assertEquals("r", err.getString("address"));
        assertEquals(failure.because("").getDebugInfo(), err.getJsonObject("debugInfo"));
    }
}
