package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs in Python that serve, listen and publish, with the client of the examples. */
@Timeout(120)
class PythonClientTest {

    private static final String TOKEN = Canary.of("python");

    private BridgeRig rig;

    @BeforeEach
    void start() {
        JsonObject python = new JsonObject()
                .put("name", "python")
                .put("token", TOKEN)
                .put("call", new JsonArray().add(call("echoed", "tell")).add(call("examples.rows", "open")))
                .put("serve", new JsonArray(List.of("rows", "broken", "counted", "echo", "examples.rows")))
                .put("listen", new JsonArray().add("news"));
        rig = new BridgeRig(new JsonObject().put("clients", new JsonArray().add(python)));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private ForeignClient serve() {
        ForeignClient python = ForeignClient.python("serve.py", rig.port(), TOKEN);
        assertEquals("serving", python.line());
        return python;
    }

    private Future<JsonObject> ask(String address, String action, JsonObject body) {
        return rig.vertx
                .eventBus()
                .<JsonObject>request(address, body, new DeliveryOptions().addHeader("action", action))
                .map(Message::body);
    }

    private JsonObject counted() {
        return await(ask("counted", "any", new JsonObject()));
    }

    @Test
    void answersAndFails() {
        try (ForeignClient python = serve()) {
            assertEquals(
                    new JsonObject().put("action", "greet").put("arguments", new JsonObject().put("name", "é")),
                    await(ask("echo", "greet", new JsonObject().put("name", "é"))));
            ServiceException typed =
                    (ServiceException) Outcome.failure(ask("echo", "fail", new JsonObject().put("code", 4429)));
            assertEquals(Failure.OVERLOADED.code(), typed.failureCode());
            assertEquals("as you like", typed.getMessage());
            ServiceException bug = (ServiceException) Outcome.failure(ask("echo", "bug", new JsonObject()));
            assertEquals(Failure.INTERNAL.code(), bug.failureCode());
            assertFalse(bug.getMessage().contains("secret"), bug.getMessage());
            assertTrue(python.line().contains("secret of the inside"));
        }
    }

    /** The program lives on, and its caller does not wait for what is never sent. */
    @ParameterizedTest
    @ValueSource(strings = {"set", "nan"})
    void whatJsonCannotSayIsAnError(String type) {
        try (ForeignClient python = serve()) {
            ServiceException bug =
                    (ServiceException) Outcome.failure(ask("echo", "unsayable", new JsonObject().put("type", type)));
            assertEquals(Failure.INTERNAL.code(), bug.failureCode());
            assertEquals("internal error", bug.getMessage());
            assertEquals(0, counted().getInteger("produced"));
        }
    }

    /** 10,000 rows, which do not exist before they are asked for. */
    @Test
    void servesAStreamWithBackPressureToAJavaCaller() {
        try (ForeignClient python = serve()) {
            JsonObject handle = await(ask("rows", "open", new JsonObject().put("count", 10_000)));
            assertTrue(handle.getString("address").startsWith("rows.streams."), handle.encode());
            assertEquals(0, counted().getInteger("produced"));

            List<Integer> read = new ArrayList<>();
            AtomicLong last = new AtomicLong();
            Promise<Void> end = Promise.promise();
            Promise<StreamReader> paused = Promise.promise();
            rig.vertx.runOnContext(v -> {
                StreamReader reader = new StreamReader(rig.vertx, handle);
                reader.exceptionHandler(end::fail).endHandler(end::complete).handler(row -> {
                    read.add(((JsonObject) row).getInteger("n"));
                    last.set(read.size());
                    if (read.size() == 1_000) {
                        reader.pause();
                        paused.complete(reader);
                    }
                });
            });
            StreamReader reader = await(paused.future());
            // Two batches are asked for ahead, and no more, however long it waits.
            await().until(() -> counted().getInteger("produced") >= 1_000);
            for (int i = 0; i < 20; i++) {
                assertTrue(counted().getInteger("produced") <= 1_024 + 3 * StreamReader.DEFAULT_MAX);
            }
            assertEquals(1_000, last.get());
            rig.vertx.runOnContext(v -> reader.resume());
            await(end.future());
            assertEquals(IntStream.rangeClosed(1, 10_000).boxed().toList(), read);
            assertEquals(0, reader.repeated());
            assertEquals(1, counted().getInteger("ended"));
        }
    }

    @Test
    void aStreamEndsWithTheFailureOfItsGenerator() {
        try (ForeignClient python = serve()) {
            JsonObject handle = await(ask("broken", "open", new JsonObject().put("count", 9)));
            String room = handle.getString("address");
            JsonObject first = new JsonObject()
                    .put("id", handle.getString("id"))
                    .put("batch", 1)
                    .put("max", 5);
            JsonArray one = new JsonArray().add(new JsonObject().put("n", 1));
            for (int again = 0; again < 2; again++) {
                assertEquals(one, await(ask(room, "next", first)).getJsonArray("items"));
            }
            JsonObject second = first.copy().put("batch", 2);
            for (int again = 0; again < 2; again++) {
                ServiceException failure = (ServiceException) Outcome.failure(ask(room, "next", second));
                assertEquals(Failure.NOT_FOUND.code(), failure.failureCode());
                assertEquals("the second row is not there", failure.getMessage());
            }
            for (JsonObject wrong : List.of(
                    first.copy().put("batch", 9),
                    first.copy().put("max", -1),
                    first.copy().put("batch", "1"))) {
                assertEquals(
                        Failure.BAD_REQUEST.code(),
                        ((ServiceException) Outcome.failure(ask(room, "next", wrong))).failureCode());
            }
            assertEquals(
                    new JsonObject()
                            .put("batch", 2)
                            .put("items", new JsonArray())
                            .put("done", false),
                    await(ask(room, "next", second.copy().put("max", 0))));
            await(ask(room, "close", new JsonObject().put("id", handle.getString("id"))));
            assertEquals(
                    Failure.NOT_FOUND.code(),
                    ((ServiceException) Outcome.failure(ask(room, "next", first))).failureCode());
        }
    }

    @Test
    void streamsAreBoundedAndAClosedOneMakesRoom() {
        try (ForeignClient python = serve()) {
            List<JsonObject> handles = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                handles.add(await(ask("rows", "open", new JsonObject().put("count", 9))));
            }
            Future<JsonObject> fourth = ask("rows", "open", new JsonObject().put("count", 9));
            assertEquals(Failure.OVERLOADED.code(), ((ServiceException) Outcome.failure(fourth)).failureCode());
            JsonObject handle = handles.get(0);
            await(ask(handle.getString("address"), "close", new JsonObject().put("id", handle.getString("id"))));
            Future<JsonObject> misfit = ask("rows", "open", new JsonObject().put("many", 9));
            assertEquals(Failure.BAD_REQUEST.code(), ((ServiceException) Outcome.failure(misfit)).failureCode());
            await(ask("rows", "open", new JsonObject().put("count", 9)));
        }
    }

    @Test
    void aProgramThatDiesLosesItsStreams() {
        try (ForeignClient python = serve()) {
            JsonObject handle = await(ask("rows", "open", new JsonObject().put("count", 10_000)));
            Promise<Throwable> failed = Promise.promise();
            rig.vertx.runOnContext(v -> {
                StreamReader reader = new StreamReader(rig.vertx, handle);
                reader.exceptionHandler(failed::complete).handler(row -> python.close());
            });
            assertEquals(Failure.NODE_LOST.code(), ((ServiceException) await(failed.future())).failureCode());
        }
    }

    @Test
    void theExampleReadsWhatTheExampleServes() {
        try (ForeignClient server = ForeignClient.python("serve_stream.py", rig.port(), TOKEN)) {
            assertEquals("serving examples.rows", server.line());
            try (ForeignClient reader = ForeignClient.python("serve_stream.py", "read", rig.port(), TOKEN)) {
                assertEquals(
                        IntStream.rangeClosed(1, 10)
                                .mapToObj(n -> n + " line " + n)
                                .toList(),
                        reader.rest());
            }
            assertEquals("a stream has ended", server.line());
        }
    }

    @Test
    void listensAndPublishes() {
        List<String> echoed = new ArrayList<>();
        rig.vertx
                .eventBus()
                .<JsonObject>consumer(
                        "echoed",
                        message -> echoed.add(message.headers().get("action") + " "
                                + message.body().getString("text")));
        try (ForeignClient python = ForeignClient.python("listen.py", rig.port(), TOKEN)) {
            assertEquals("listening", python.line());
            await().until(() -> {
                rig.vertx.eventBus().publish("news", new JsonObject().put("text", "early"));
                return !rig.onLoop(() -> List.copyOf(echoed)).isEmpty();
            });
            rig.vertx.eventBus().publish("news", new JsonObject().put("text", "end"));
            List<String> heard = python.rest();
            assertEquals("end", heard.get(heard.size() - 1));
        }
        await().until(() -> rig.onLoop(() -> List.copyOf(echoed)).contains("tell end"));
    }
}
