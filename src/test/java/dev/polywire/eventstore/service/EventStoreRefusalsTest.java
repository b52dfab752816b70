package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static dev.polywire.eventstore.service.EventStoreBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.eventstore.client.StorePeer;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.RawPeer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused here, before anything is sent. */
@Timeout(60)
class EventStoreRefusalsTest {

    private static final int LARGEST = 16_767_214;

    private final RawPeer.Door door = new RawPeer.Door();
    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final EventStoreService service = EventStoreService.proxy(vertx, EventStoreBus.ADDRESS);
    private final StorePeer server = connected();

    private StorePeer connected() {
        JsonObject config = new JsonObject().put("port", door.port()).put("heartbeatMillis", 0);
        Outcome.value(vertx.deployVerticle(EventStoreVerticle.class, new DeploymentOptions().setConfig(config)));
        return StorePeer.loggedIn(door);
    }

    @AfterEach
    void close() {
        server.close();
        Outcome.value(vertx.close());
        door.close();
    }

    @Test
    void anEventThatIsTooLarge() {
        ServiceException large = failure(service.append("s", -1, List.of(event(), sized(LARGEST + 1)), null));
        assertEquals("LIMIT_EXCEEDED", name(large));
        assertTrue(large.getMessage().startsWith("events[1]: 16767217 bytes"), large::getMessage);
        assertTrue(large.getMessage().contains("the server's limit"), large::getMessage);
        assertNothingSent();
    }

    @Test
    void theLargestIsSent() {
        Future<JsonObject> taken = service.append("s", -1, List.of(sized(LARGEST)), null);
        TcpPackage sent = server.next(null);
        WriteMessage.WriteEvents write =
                (WriteMessage.WriteEvents) EventStoreMessage.read(sent.command(), sent.payload());
        assertEquals(LARGEST, write.events().get(0).data().length());
        server.answer(sent, TcpCommand.WRITE_EVENTS_COMPLETED, Buffer.buffer(new byte[] {8, 0, 24, 0, 32, 0}));
        assertEquals(0, Outcome.value(taken).getInteger("lastEventNumber"));
    }

    private static JsonObject sized(int bytes) {
        return new JsonObject().put("eventType", "t").put("text", "x".repeat(bytes));
    }

    @Test
    void streamsWithoutAName() {
        refused("streamId: empty", service.append("", -1, List.of(event()), null));
        refused("streamId: empty", service.deleteStream("", -1, null));
        refused("streamId: empty", service.readEvent("", 0, null));
        refused("streamId: empty", service.readStream("", null));
        refused("streamId: empty", service.open("", null));
        refused("streamId: empty", service.subscribeToStream("", null));
        refused("streamId: empty", service.subscribeToStreamFrom("", null, null));
        refused("streamId: ", service.streamMetadata(""));
        refused("streamId: ", service.setStreamMetadata("", -1, new JsonObject(), null));
        refused("streamId: empty", service.begin("", -1, null));
        refused("streamId: empty", service.createPersistentSubscription("", "g", null));
        refused("streamId: empty", service.consume("", "g", null));
        assertNothingSent();
    }

    @Test
    void versionsThatMeanNothing() {
        for (long version : new long[] {-3, -5, Long.MIN_VALUE}) {
            refused("expectedVersion: " + version, service.append("s", version, List.of(event()), null));
            refused("expectedVersion: " + version, service.deleteStream("s", version, null));
            refused("expectedVersion: " + version, service.setStreamMetadata("s", version, new JsonObject(), null));
            refused("expectedVersion: " + version, service.begin("s", version, null));
        }
        assertNothingSent();
    }

    @Test
    void eventsThatAreNone() {
        refused("events[1].eventType: missing", service.append("s", -1, List.of(event(), new JsonObject()), null));
        refused(
                "events: 10001 (expected: at most 10000)",
                service.append("s", -1, Collections.nCopies(10_001, event()), null));
        refused("options.more: unknown field", service.append("s", -1, List.of(), new JsonObject().put("more", 1)));
        refused(
                "options.retryAny: ",
                service.append("s", -1, List.of(event()), new JsonObject().put("retryAny", "yes")));
        assertNothingSent();
    }

    @Test
    void readsThatAreNone() {
        refused("eventNumber: -2", service.readEvent("s", -2, null));
        refusedRead("options.maxCount: 0 (expected: 1 to 4096)", "maxCount", 0);
        refusedRead("options.maxCount: 4097", "maxCount", 4_097);
        refusedRead("options.fromEventNumber: -1 (expected: 0 to", "fromEventNumber", -1);
        refusedRead("options.direction: ", "direction", "sideways");
        refusedRead("options.position: unknown field", "position", new JsonObject());
        refusedRead("options.filter: unknown field", "filter", new JsonObject());
        assertNothingSent();
    }

    private void refusedRead(String complaint, String option, Object value) {
        refused(complaint, service.readStream("s", new JsonObject().put(option, value)));
    }

    @Test
    void readsOfAllThatAreNone() {
        refusedAll("options.position.prepare: ", "position", "{\"commit\":7}");
        refusedAll("options.position.more: unknown field", "position", "{\"commit\":7,\"prepare\":7,\"more\":1}");
        refusedAll("options.filter: 0 conditions", "filter", "{}");
        refusedAll("options.filter: 2 conditions", "filter", "{\"eventTypeRegex\":\"a\",\"streamIdPrefixes\":[\"b\"]}");
        refusedAll("options.filter.eventTypePrefixes: 0 (expected: 1 to 1000)", "filter", "{\"eventTypePrefixes\":[]}");
        refusedAll("options.filter.more: unknown field", "filter", "{\"eventTypeRegex\":\"a\",\"more\":1}");
        assertNothingSent();
    }

    private void refusedAll(String complaint, String option, String json) {
        refused(complaint, service.readAll(new JsonObject().put(option, new JsonObject(json))));
    }

    @Test
    void streamsThatAreNone() {
        JsonObject filter = new JsonObject().put("filter", new JsonObject().put("eventTypeRegex", "a"));
        refused("options.filter: of one stream", service.open("s", filter));
        refused("options.filter: of one stream", service.subscribeToStream("s", filter));
        refused("options.position: ", service.open("s", new JsonObject().put("position", new JsonObject())));
        refused("options.fromEventNumber: ", service.open("$all", new JsonObject().put("fromEventNumber", 0)));
        refused("options.form: ", service.open("s", new JsonObject().put("form", "xml")));
        refused(
                "resume.nextEventNumber: -1",
                service.subscribeToStreamFrom("s", new JsonObject().put("nextEventNumber", -1), null));
        refused(
                "resume.commit: unknown field",
                service.subscribeToStreamFrom("s", new JsonObject().put("commit", 1), null));
        refused(
                "resume.nextEventNumber: unknown field",
                service.subscribeToStreamFrom("$all", new JsonObject().put("nextEventNumber", 1), null));
        assertNothingSent();
    }

    /** What has no effect is refused, and not passed over. */
    @Test
    void optionsOfOtherOpenings() {
        for (String option : List.of("maxCount", "maxSearchWindow")) {
            refused(unknown(option), service.subscribeToStream("$all", new JsonObject().put(option, 7)));
        }
        JsonObject leader = new JsonObject().put("requireLeader", true);
        refused(unknown("requireLeader"), service.subscribeToStream("$all", leader));
        JsonObject interval = new JsonObject().put("checkpointInterval", 7);
        refused(unknown("checkpointInterval"), service.open("$all", interval));
        refused(unknown("checkpointInterval"), service.subscribeToStream("s", interval));
        refused(unknown("checkpointInterval"), service.subscribeToStreamFrom("s", null, interval));
        JsonObject window = new JsonObject().put("maxSearchWindow", 7);
        refused(unknown("maxSearchWindow"), service.open("s", window));
        refused(unknown("maxSearchWindow"), service.subscribeToStreamFrom("s", null, window));
        JsonObject direction = new JsonObject().put("direction", "backward");
        refused(unknown("direction"), service.subscribeToStreamFrom("s", null, direction));
        assertNothingSent();
    }

    private static String unknown(String option) {
        return "options." + option + ": unknown field";
    }

    @Test
    void searchWindowsThatAreNone() {
        JsonObject window = new JsonObject().put("maxSearchWindow", 0);
        String complaint = "options.maxSearchWindow: 0 (expected: 1 to 2147483647)";
        refused(complaint, service.readAll(window));
        refused(complaint, service.open("$all", window));
        refused(complaint, service.subscribeToStreamFrom("$all", null, window));
        assertNothingSent();
    }

    @Test
    void theRawDoor() {
        for (String action : List.of("WriteEvents", "ReadEvent", "ReadStreamEventsForward")) {
            refused("body: ", raw(action, Buffer.buffer(new byte[] {-1, -1, -1, -1})));
        }
        refused("action: unknown", raw("Authenticate", Buffer.buffer()));
        refused("action: unknown", raw("TransactionStart", Buffer.buffer()));
        refused("body: ", raw("WriteEvents", new JsonArray()));
        Buffer write = new WriteMessage.WriteEvents("s", -2, List.of(), false).payload();
        DeliveryOptions headers = headers("WriteEvents").addHeader("retryAny", "perhaps");
        refused("retryAny: unknown", vertx.eventBus().request(EventStoreBus.ADDRESS + ".raw", write, headers));
        assertNothingSent();
    }

    private Future<?> raw(String action, Object body) {
        return vertx.eventBus().request(EventStoreBus.ADDRESS + ".raw", body, headers(action));
    }

    private static DeliveryOptions headers(String action) {
        return new DeliveryOptions().addHeader("action", action);
    }

    private static void refused(String complaint, Future<?> asked) {
        ServiceException bad = failure(asked);
        assertEquals("BAD_REQUEST", name(bad), bad::getMessage);
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
    }

    /** The server hears of the ping, and of nothing before it. */
    private void assertNothingSent() {
        Future<JsonObject> ping = service.ping();
        TcpPackage first = server.next(null);
        assertEquals(TcpCommand.PING, first.command());
        server.answer(first, new ConnectionMessage.Pong(Buffer.buffer()));
        Outcome.value(ping);
    }
}
