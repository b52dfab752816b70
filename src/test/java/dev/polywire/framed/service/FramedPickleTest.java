package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's own pickle and asyncio at the other end, over real sockets. */
class FramedPickleTest {

    private final FramedBus bus = new FramedBus();

    @BeforeAll
    static void needsPython() throws InterruptedException {
        Python.require();
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void everyValueAndBack(int protocol) throws Exception {
        int port = bus.server("pickle");
        try (Items items = bus.items(bus.server());
                Python client = new Python("values.py", "talk", port, protocol)) {
            echo(bus.server(), items, client);
        }
    }

    @Test
    void aPythonServer() throws Exception {
        try (Python server = new Python("values.py", "serve")) {
            bus.client(Integer.parseInt(server.line()), "pickle");
            try (Items items = bus.items(bus.client())) {
                echo(bus.client(), items, server);
            }
        }
    }

    /** 100 floats and 1,000 picks of data, in pieces of 1 to 10 bytes. */
    @Test
    void chunkedMessages() throws Exception {
        int port = bus.server("pickle");
        try (Items items = bus.items(bus.server());
                Python client = new Python("values.py", "chunks", port)) {
            assertEquals(1_100, echo(bus.server(), items, client));
        }
    }

    /** What is on the bus is what it would be written as by hand. */
    @Test
    void anEchoClientThatKnowsNothingOfUs() throws Exception {
        int port = bus.server("pickle");
        try (Items items = bus.items(bus.server());
                Python client = new Python("echo_client.py", port, "one", "two")) {
            for (String text : List.of("one", "two")) {
                JsonObject item = items.next();
                assertEquals(new JsonObject().put("value", text).put("connection", "1"), item);
                Outcome.value(bus.server().send(item.put("value", "server replied: " + text)));
            }
            assertEquals(List.of("server replied: one", "server replied: two"), client.rest());
        }
    }

    @Test
    void anEchoServerThatKnowsNothingOfUs() throws Exception {
        try (Python server = new Python("echo_server.py")) {
            bus.client(Integer.parseInt(server.line()), "pickle");
            try (Items items = bus.items(bus.client())) {
                Object tuple =
                        new JsonObject().put("$tuple", new JsonArray().add(1).add("a"));
                for (Object value : new Object[] {"hi", tuple, null}) {
                    Outcome.value(bus.client().send(new JsonObject().put("value", value)));
                }
                assertEquals(
                        List.of("server replied: hi", "server replied: (1, 'a')", "server replied: None"),
                        items.next(3).stream()
                                .map(item -> item.getString("value"))
                                .toList());
            }
        }
    }

    /** S05, C3-4: nothing that a pickle names is looked for, made or called; and the connection goes on. */
    @Test
    void hostilePickles() throws Exception {
        try (Python loader = new Python("hostile.py", "load")) {
            assertEquals(List.of("3"), loader.rest(), "CPython calls what they name");
        }
        int port = bus.server("pickle");
        try (Items items = bus.items(bus.server());
                Python attacker = new Python("hostile.py", port)) {
            int count = Integer.parseInt(attacker.line());
            assertEquals(22 + 48, count);
            List<JsonObject> failures = items.next(count).stream()
                    .map(item -> item.getJsonObject("failure"))
                    .toList();
            assertEquals(new JsonObject("{\"connection\":\"1\",\"value\":\"goes on\"}"), items.next());
            Set<String> opcodes = failures.stream()
                    .map(failure -> failure.getString("message"))
                    .map(said -> said.replaceFirst("payload: pickle: (opcode )?", ""))
                    .map(said -> said.replaceFirst(" at byte .*", ""))
                    .collect(Collectors.toSet());
            assertEquals(
                    Set.of(
                            "no PROTO in front (expected: a pickle of protocol 2 to 5)",
                            "GLOBAL",
                            "STACK_GLOBAL",
                            "INST",
                            "BUILD",
                            "PERSID",
                            "BINPERSID",
                            "EXT1"),
                    opcodes.stream()
                            .filter(said -> !said.startsWith("protocol: "))
                            .collect(Collectors.toSet()));
            assertTrue(failures.stream().allMatch(failure -> failure.getInteger("code") == 4520));
            // Each is refused for the opcode itself: nothing was looked for, and nothing is said of a value.
            assertTrue(
                    failures.stream()
                            .map(failure -> failure.getString("message"))
                            .filter(said -> said.contains("opcode "))
                            .allMatch(said -> said.endsWith(" (expected: data)")),
                    failures::toString);
            attacker.release();
            assertEquals(List.of(), attacker.rest());
        }
    }

    /** Gives everything back; the other side says how many came back as they were. */
    private static int echo(FramedService service, Items items, Python peer) throws Exception {
        int count = Integer.parseInt(peer.line());
        for (int i = 0; i < count; i++) {
            JsonObject item = items.next();
            assertTrue(item.containsKey("value"), item::encode);
            Outcome.value(service.send(item));
        }
        assertEquals(List.of(count + " of " + count), peer.rest());
        return count;
    }
}
