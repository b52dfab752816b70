package dev.polywire.spi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.spi.RecordingSpi.Asked;
import dev.polywire.spi.Stand.About;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a {@code Spi} hears is the same story in all protocols: connections and bytes; requests from the bus; and the calls
 * that are made for each, which belong to it however long they wait. When a connector has left, all of it has had one end.
 */
@Timeout(60)
class SpiContractTest {

    /** Enough for what is heard, and not answered in time. */
    private static final long SOON = 100;

    private enum Party {
        MONGODB(MongoStand::new, true, false),
        BOLT(BoltStand::new, true, false),
        BOLT_SERVER(BoltServerStand::new, false, true),
        AMQP(AmqpStand::new, true, false),
        AMQP_DELETING(AmqpStand.Deleting::new, true, false),
        AMQP_REQUESTING(AmqpStand.Requesting::new, true, false),
        EVENTSTORE(EventStoreStand::new, true, false),
        FRAMED_CLIENT(FramedStand::new, true, false),
        FRAMED_SERVER(FramedStand.Server::new, true, true),
        BRIDGE(BridgeStand::new, false, true);

        private final Supplier<Stand> stand;
        private final boolean calls;
        private final boolean isServer;

        /** @param calls whether it asks its peer for something */
        Party(Supplier<Stand> stand, boolean calls, boolean isServer) {
            this.stand = stand;
            this.calls = calls;
            this.isServer = isServer;
        }

        Stand open() {
            Stand open = stand.get();
            try {
                open.deploy();
            } catch (Throwable failed) {
                open.close();
                throw failed;
            }
            return open;
        }
    }

    static Stream<Party> callers() {
        return Stream.of(Party.values()).filter(party -> party.calls);
    }

    static Stream<Party> services() {
        return Stream.of(Party.values()).filter(party -> party != Party.BRIDGE);
    }

    @ParameterizedTest
    @EnumSource
    void connectionsAndBytes(Party party) {
        try (Stand stand = party.open()) {
            stand.use();
            RecordingSpi spi = stand.spi;
            await().untilAsserted(() -> {
                assertEquals(stand.relay().connections(), spi.connected.size());
                assertEquals(
                        party.isServer
                                ? List.of(
                                        stand.relay().bytesFromClients(),
                                        stand.relay().bytesFromServers())
                                : List.of(
                                        stand.relay().bytesFromServers(),
                                        stand.relay().bytesFromClients()),
                        List.of(spi.received.get(), spi.sent.get()));
            });
            assertTrue(spi.received.get() > 0 && spi.sent.get() > 0);
            assertEquals(List.of(), spi.disconnected);
            assertTrue(
                    spi.connected.stream().allMatch(each -> each.matches(stand.protocol() + " 127\\.0\\.0\\.1:\\d+")),
                    spi.connected::toString);
            leaves(stand);
            assertEquals(sorted(spi.connected), sorted(spi.disconnected));
            assertEquals(Set.of(stand.protocol()), spi.protocols());
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void requests(Party party) {
        try (Stand stand = party.open()) {
            Outcome.value(stand.ask("good", stand.plainAction(), new JsonObject(), 12_345));
            Asked good = asked(stand, "good");
            assertEquals(Stand.CALLER, good.caller());
            assertEquals(stand.address(), good.address());
            assertEquals(stand.plainAction(), good.action());
            assertEquals(12_345, good.deadlineMillis());
            assertEquals(List.of(RecordingSpi.ANSWERED), good.ends());
            Outcome.failure(stand.ask("unknown", "no such action", new JsonObject(), Stand.A_MINUTE));
            assertNull(stand.spi.asked("unknown"), "it was refused at the door");
            leaves(stand);
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void answered(Party party) {
        try (Stand stand = party.open()) {
            Outcome.value(stand.ask("answered", About.ANSWERED, Stand.A_MINUTE));
            heard(stand, "answered", RecordingSpi.ANSWERED, stand.answered());
            leaves(stand);
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void refusedByThePeer(Party party) {
        try (Stand stand = party.open()) {
            Outcome.failure(stand.ask("refused", About.REFUSED, Stand.A_MINUTE));
            heard(stand, "refused", RecordingSpi.FAILED, stand.refused());
            leaves(stand);
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void notAnsweredInTime(Party party) {
        try (Stand stand = party.open()) {
            Outcome.failure(stand.ask("late", About.HELD, SOON));
            heard(stand, "late", RecordingSpi.FAILED, stand.late());
            stand.release();
            leaves(stand);
            heard(stand, "late", RecordingSpi.FAILED, stand.late());
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void waitsTooLong(Party party) {
        try (Stand stand = party.open()) {
            Future<Object> first = stand.ask("first", About.FILLING, Stand.A_MINUTE);
            awaitCalls(stand, "first", stand.filling());
            stand.fill();
            Outcome.failure(stand.ask("second", About.ANSWERED, SOON));
            heard(stand, "second", RecordingSpi.FAILED, waiting(stand, " givenUp"));
            awaitCalls(stand, "first", stand.filling());
            stand.release();
            Outcome.value(first);
            heard(stand, "first", RecordingSpi.ANSWERED, stand.answered());
            leaves(stand);
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void theConnectionIsLost(Party party) {
        try (Stand stand = party.open()) {
            Future<Object> lost = stand.ask("lost", About.HELD, Stand.A_MINUTE);
            awaitSent(stand, "lost");
            stand.relay().reset();
            Outcome.failure(lost);
            heard(stand, "lost", RecordingSpi.FAILED, stand.lost());
            leaves(stand);
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void weLeave(Party party) {
        try (Stand stand = party.open()) {
            Future<Object> running = stand.ask("running", About.HELD, Stand.A_MINUTE);
            awaitSent(stand, "running");
            leaves(stand);
            Outcome.failure(running);
            heard(stand, "running", RecordingSpi.FAILED, stand.lost());
        }
    }

    /** Those that wait for a place on the wire, or for a connection, get it while another is answered. */
    @ParameterizedTest
    @MethodSource("callers")
    void eachWaitsForItsOwnRequest(Party party) {
        try (Stand stand = party.open()) {
            Future<Object> first = stand.ask("first", About.FILLING, Stand.A_MINUTE);
            awaitCalls(stand, "first", stand.filling());
            stand.fill();
            List<String> names =
                    IntStream.range(0, 3).mapToObj(i -> "waits " + i).toList();
            List<Future<Object>> behind = names.stream()
                    .map(name -> stand.ask(name, About.ANSWERED, Stand.A_MINUTE))
                    .toList();
            names.forEach(name -> awaitCalls(stand, name, stand.waiting()));
            stand.release();
            Outcome.value(first);
            behind.forEach(Outcome::value);
            heard(stand, "first", RecordingSpi.ANSWERED, stand.answered());
            names.forEach(name -> heard(stand, name, RecordingSpi.ANSWERED, stand.answered()));
            leaves(stand);
        }
    }

    /** A page is fetched for the reader who waits for it, and not for who has opened the stream. */
    @ParameterizedTest
    @EnumSource(names = {"MONGODB", "BOLT"})
    void aPageOfAStream(Party party) {
        try (Stand stand = party.open()) {
            boolean mongo = party == Party.MONGODB;
            JsonObject body = mongo ? MongoStand.command("find", "STREAM") : new JsonObject().put("query", "rows 3");
            JsonObject handle = (JsonObject) Outcome.value(stand.ask("open", "open", body, Stand.A_MINUTE));
            String to = handle.getString("address");
            JsonObject next = new JsonObject()
                    .put("id", handle.getString("id"))
                    .put("batch", 1)
                    .put("max", 10);
            Outcome.value(stand.ask(to, "next", "next", next, Stand.A_MINUTE));
            assertEquals(to, asked(stand, "next").address());
            heard(stand, "open", RecordingSpi.ANSWERED, List.of(mongo ? "find sent answered" : "RUN sent answered"));
            heard(
                    stand,
                    "next",
                    RecordingSpi.ANSWERED,
                    List.of(mongo ? "getMore sent answered" : "PULL sent answered"));
            leaves(stand);
        }
    }

    private static void heard(Stand stand, String trace, String end, List<String> calls) {
        Asked asked = asked(stand, trace);
        assertEquals(List.of(end), asked.ends(), trace);
        // Where one of several has failed the rest comes behind the answer.
        awaitCalls(stand, trace, calls);
    }

    private static Asked asked(Stand stand, String trace) {
        Asked asked = stand.spi.asked(trace);
        assertNotNull(asked, trace);
        return asked;
    }

    private static void awaitCalls(Stand stand, String trace, List<String> calls) {
        RecordingSpi spi = stand.spi;
        if (spi.asked(trace) == null || !calls.equals(spi.callsOf(spi.asked(trace)))) {
            await(trace).untilAsserted(() -> assertEquals(calls, spi.callsOf(asked(stand, trace))));
        }
    }

    private static void awaitSent(Stand stand, String trace) {
        List<String> sent = stand.lost().stream()
                .map(each -> each.endsWith(" failed") ? each.substring(0, each.lastIndexOf(' ')) : each)
                .toList();
        awaitCalls(stand, trace, sent);
    }

    private static List<String> waiting(Stand stand, String end) {
        return stand.waiting().stream().map(each -> each + end).toList();
    }

    /** Behind it nothing is without its end, and all was heard where the connector runs. */
    private static void leaves(Stand stand) {
        String deployment = stand.deployment();
        stand.leave();
        assertEquals(List.of(), stand.spi.wrong());
        assertEquals(1, stand.spi.places().size(), stand.spi.places()::toString);
        assertTrue(stand.spi.places().iterator().next().startsWith(deployment + " on vert.x-eventloop"));
    }

    private static List<String> sorted(List<String> all) {
        return all.stream().sorted().toList();
    }
}
