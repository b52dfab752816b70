package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands without an answer: who is served meanwhile, and by which connection. */
class MongoBesideSlowTest {

    private static final int CALLERS = 64;

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void deploy(int maxPoolSize, int pipeline) {
        stage.deploy(new JsonObject()
                .put("maxPoolSize", maxPoolSize)
                .put("pipeline", pipeline)
                .put("pipelineMillis", 20)
                .put("heartbeatMillis", 0));
    }

    /** All of them ask together, and are answered in the order in which the server hears of them. @return by whom */
    private Set<Integer> pings(int count) {
        List<Future<JsonObject>> pings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pings.add(stage.mongo().ping());
        }
        Set<Integer> connections = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Asked ping = stage.next("ping");
            connections.add(ping.peer().number());
            ping.ok();
        }
        pings.forEach(Outcome::value);
        return connections;
    }

    /** @param held the connections of commands that are not answered. @return those that serve the others */
    private Set<Integer> servedBeside(Set<Integer> held) {
        // Behind a held one are those that came while it was young, and the server answers them too.
        await().until(() -> Collections.disjoint(pings(CALLERS), held));
        Set<Integer> by = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            by.addAll(pings(CALLERS));
        }
        assertTrue(Collections.disjoint(by, held), () -> "pings by " + by + ", held are " + held);
        return by;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void besideOneSlowCommandAllAreServed(int pipeline) {
        deploy(4, pipeline);
        Future<JsonObject> slow = Stage.find(stage.mongo(), 1);
        Asked find = stage.next("find");
        Set<Integer> by = servedBeside(Set.of(find.peer().number()));
        assertTrue(by.size() <= 3, () -> "pings by " + by);
        assertFalse(slow.isComplete());
        find.ok();
        Outcome.value(slow);
    }

    /** As long as one connection is left, nobody waits for the others. */
    @Test
    void besideAllButOneAllAreServed() {
        deploy(16, 8);
        List<Future<JsonObject>> slow = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        Set<Integer> held = new HashSet<>();
        for (int i = 0; i < 15; i++) {
            slow.add(Stage.find(stage.mongo(), i));
            Asked find = stage.next("find");
            asked.add(find);
            held.add(find.peer().number());
        }
        assertEquals(15, held.size(), "each on a connection of its own");
        assertEquals(1, servedBeside(held).size());
        assertTrue(slow.stream().noneMatch(Future::isComplete));
        asked.forEach(Asked::ok);
        slow.forEach(Outcome::value);
    }

    /** What waits comes to the server in the order in which it was asked, behind the answer, and only so. */
    @Test
    void aPoolOfOneHasAnOrder() {
        deploy(1, 1);
        Future<JsonObject> slow = Stage.find(stage.mongo(), 0);
        Asked first = stage.next("find");
        List<Future<JsonObject>> waiting = new ArrayList<>();
        for (int i = 1; i <= CALLERS; i++) {
            waiting.add(Stage.find(stage.mongo(), i));
        }
        assertEquals(CALLERS + 2, stage.status().getInteger("inFlight"));
        assertEquals(0, stage.waiting());
        first.ok();
        for (int i = 1; i <= CALLERS; i++) {
            Asked next = stage.next("find");
            assertEquals("things" + i, next.document().getString("find").getValue());
            assertEquals(0, stage.waiting());
            next.ok();
        }
        Outcome.value(slow);
        waiting.forEach(Outcome::value);
    }
}
