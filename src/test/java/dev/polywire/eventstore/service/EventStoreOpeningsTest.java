package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static dev.polywire.eventstore.service.EventStoreBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a volatile subscription may take to begin, and the options that each opening has. */
@Timeout(60)
class EventStoreOpeningsTest {

    private static final int PAGE_MILLIS = 50;
    private static final int LATE_MILLIS = 300;

    private final EventStoreBus bus =
            new EventStoreBus(ServerVersion.V20_10).deploy(new JsonObject().put("pageTimeoutMillis", PAGE_MILLIS));

    @AfterEach
    void close() {
        bus.close();
    }

    private void subscribes(CommandFault fault) {
        bus.fail(FaultPlan.NONE.command(TcpCommand.SUBSCRIBE_TO_STREAM, 1, fault));
    }

    @Test
    void aCallerWithMorePatienceThanAPageHas() {
        subscribes(new CommandFault.Delay(LATE_MILLIS));
        Outcome.value(bus.service.subscribeToStream("s", null));
    }

    @Test
    void aCallerWithLessPatience() {
        subscribes(new CommandFault.Ignore());
        assertEquals("TIMEOUT", name(failure(bus.within(LATE_MILLIS).subscribeToStream("s", null))));
    }

    @Test
    void whatIsNotSentByTheDeadlineIsUnavailable() {
        Outcome.value(bus.service.ping());
        Outcome.value(bus.store.server().close());
        assertEquals("UNAVAILABLE", name(failure(bus.within(LATE_MILLIS).subscribeToStream("s", null))));
    }

    @Test
    void allOptionsOfEach() {
        bus.append("s", -1, event(), event());
        JsonObject links =
                new JsonObject().put("resolveLinkTos", false).put("text", true).put("form", "json");
        JsonObject some =
                new JsonObject().put("filter", new JsonObject().put("streamIdPrefixes", new JsonArray().add("s")));
        JsonObject pages = new JsonObject().put("maxCount", 1).put("requireLeader", true);
        JsonObject window = new JsonObject().put("maxSearchWindow", Integer.MAX_VALUE);
        JsonObject interval = new JsonObject().put("checkpointInterval", 1);
        Outcome.value(bus.service.subscribeToStream("s", links));
        Outcome.value(bus.service.subscribeToStream("$all", both(links, some, interval)));
        assertEquals(1, first(bus.service.open("s", both(links, pages))));
        assertEquals(1, first(bus.service.open("$all", both(links, pages, some, window))));
        assertEquals(1, first(bus.service.subscribeToStreamFrom("s", null, both(links, pages))));
        assertEquals(
                1, first(bus.service.subscribeToStreamFrom("$all", null, both(links, pages, some, window, interval))));
    }

    private static JsonObject both(JsonObject... options) {
        JsonObject all = new JsonObject();
        for (JsonObject each : options) {
            all.mergeIn(each);
        }
        return all;
    }

    /** How many items the first batch has. */
    private int first(Future<JsonObject> opened) {
        JsonObject handle = Outcome.value(opened);
        StreamService stream = StreamService.proxy(bus.vertx, handle.getString("address"));
        JsonObject batch = Outcome.value(stream.next(handle.getString("id"), 1, 1, null));
        return batch.getJsonArray("items").size();
    }
}
