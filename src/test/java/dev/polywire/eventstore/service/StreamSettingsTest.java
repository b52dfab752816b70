package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.event;
import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static dev.polywire.eventstore.service.EventStoreBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Metadata of streams, the default access lists, and streams that are gone. */
@Timeout(60)
class StreamSettingsTest {

    private static final long ANY = -2;
    private static final long NO_STREAM = -1;
    private static final String LARGEST = "9223372036854775807";

    private final EventStoreBus bus = new EventStoreBus().deploy();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void metadataAreReplacedByTheirVersion() {
        assertMetadata(-1, false, null);
        bus.append("s", NO_STREAM, event(), event());
        assertMetadata(-1, false, null);
        JsonObject first = new JsonObject().put("$maxCount", 1).put("mine", List.of(1));
        JsonObject done = Outcome.value(bus.service.setStreamMetadata("s", NO_STREAM, first, null));
        assertEquals(0, done.getInteger("firstEventNumber"));
        assertMetadata(0, false, first);
        assertEquals(1, bus.events("s").size());
        ServiceException conflict = failure(bus.service.setStreamMetadata("s", NO_STREAM, first, null));
        assertEquals("CONFLICT", name(conflict));
        assertEquals(0, conflict.getDebugInfo().getJsonObject("server").getInteger("currentVersion"));
        Outcome.value(bus.service.setStreamMetadata("s", 0, new JsonObject(), null));
        assertMetadata(1, false, new JsonObject());
        assertEquals(2, bus.events("s").size());
    }

    @Test
    void whoMayRead() {
        bus.append("s", NO_STREAM, event());
        EventStoreService nobody = anonymous();
        Outcome.value(nobody.readStream("s", null));
        JsonObject acl = new JsonObject()
                .put("$acl", new JsonObject().put("$r", List.of("ops")).put("$w", "ops"));
        Outcome.value(bus.service.setStreamMetadata("s", ANY, acl, null));
        assertEquals("FORBIDDEN", name(failure(nobody.readStream("s", null))));
        assertEquals("FORBIDDEN", name(failure(nobody.readEvent("s", 0, null))));
        assertEquals("FORBIDDEN", name(failure(nobody.append("s", ANY, List.of(event()), null))));
        Outcome.value(bus.service.readStream("s", null));
    }

    @Test
    void theDefaultAccessLists() {
        assertNull(Outcome.value(bus.service.systemSettings()));
        bus.append("s", NO_STREAM, event());
        JsonObject settings = new JsonObject().put("$userStreamAcl", new JsonObject().put("$r", "$admins"));
        Outcome.value(bus.service.setSystemSettings(settings));
        assertEquals(settings, Outcome.value(bus.service.systemSettings()));
        assertEquals("FORBIDDEN", name(failure(anonymous().readStream("s", null))));
        assertEquals("FORBIDDEN", name(failure(anonymousService().systemSettings())));
    }

    @Test
    void aStreamThatIsGoneForEver() {
        bus.append("s", NO_STREAM, event());
        JsonObject done = Outcome.value(bus.service.deleteStream("s", 0, new JsonObject().put("hardDelete", true)));
        assertEquals(Set.of("commit", "prepare"), done.getJsonObject("position").fieldNames());
        JsonObject gone = Outcome.value(bus.service.streamMetadata("s"));
        assertEquals(true, gone.getBoolean("isStreamDeleted"));
        assertEquals(LARGEST, gone.getValue("metastreamVersion"));
        assertNull(gone.getValue("metadata"));
        JsonObject tombstone = Outcome.value(bus.service.readAll(
                        new JsonObject().put("direction", "backward").put("maxCount", 1)))
                .getJsonArray("events")
                .getJsonObject(0);
        assertEquals("s", tombstone.getString("streamId"));
        assertEquals("$streamDeleted", tombstone.getString("eventType"));
        assertEquals(LARGEST, tombstone.getValue("eventNumber"));
    }

    /** It goes on where it was. */
    @Test
    void aStreamThatComesBack() {
        bus.append("s", NO_STREAM, event(), event());
        Outcome.value(bus.service.deleteStream("s", 1, null));
        assertEquals("NOT_FOUND", name(failure(bus.service.readStream("s", null))));
        assertEquals(2, bus.append("s", ANY, event()).getInteger("firstEventNumber"));
        assertEquals(1, bus.events("s").size());
        // Where it begins is in its metadata, which the server has written.
        assertEquals(
                2,
                Outcome.value(bus.service.streamMetadata("s"))
                        .getJsonObject("metadata")
                        .getInteger("$tb"));
    }

    /** Whatever it is, its metadata are no object. */
    @Test
    void metadataThatAreNone() {
        bus.append("$$s", ANY, new JsonObject().put("eventType", "$metadata").put("text", "[1]"));
        assertMetadata(0, false, null);
    }

    @Test
    void noMetadataOfMetadata() {
        assertEquals("BAD_REQUEST", name(failure(bus.service.streamMetadata("$$s"))));
        assertEquals("BAD_REQUEST", name(failure(bus.service.streamMetadata(""))));
    }

    @Test
    void aScavenge() {
        JsonObject begun = Outcome.value(bus.service.scavenge());
        assertEquals("started", begun.getString("result"));
        assertEquals(36, begun.getString("scavengeId").length());
        assertEquals("FORBIDDEN", name(failure(anonymous().scavenge())));
    }

    private void assertMetadata(int version, boolean deleted, @Nullable JsonObject metadata) {
        JsonObject expected = new JsonObject()
                .put("metastreamVersion", version)
                .put("isStreamDeleted", deleted)
                .put("metadata", metadata);
        assertEquals(
                expected.encode(),
                Outcome.value(bus.service.streamMetadata("s")).encode());
    }

    private EventStoreService anonymous() {
        bus.deployAs(new JsonObject().put("address", "polywire.anonymous"));
        return anonymousService();
    }

    private EventStoreService anonymousService() {
        return EventStoreService.proxy(bus.vertx, "polywire.anonymous");
    }
}
