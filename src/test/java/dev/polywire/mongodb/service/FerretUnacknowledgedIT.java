package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.bus.stream.StreamServiceVertxEBProxy;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** FerretDB answers what says that it wants no answer. */
class FerretUnacknowledgedIT {

    private final FerretBus bus = new FerretBus(FerretDb.plain());

    @AfterEach
    void close() {
        bus.close();
    }

    private JsonObject insert(int from, int to, int w) {
        JsonArray documents = new JsonArray();
        IntStream.range(from, to).forEach(id -> documents.add(new JsonObject().put("_id", id)));
        JsonObject insert = new JsonObject()
                .put("insert", "things")
                .put("documents", documents)
                .put("writeConcern", new JsonObject().put("w", w));
        return Outcome.value(bus.mongo().command("db", "insert", insert, null));
    }

    private int count() {
        return Outcome.value(bus.mongo().command("db", "count", new JsonObject().put("count", "things"), null))
                .getInteger("n");
    }

    private JsonObject status() {
        return Outcome.value(bus.mongo().status());
    }

    /** The answer is nobody's: there is another connection, and FerretDB's cursors ended with the first. */
    @Test
    void connectionIsClosed() {
        bus.deploy(new JsonObject());
        assertEquals(4, insert(0, 4, 1).getInteger("n"));
        JsonObject find = new JsonObject().put("find", "things").put("batchSize", 1);
        JsonObject handle = Outcome.value(bus.mongo().open("db", "find", find, null));
        StreamService stream = new StreamServiceVertxEBProxy(bus.vertx, handle.getString("address"));
        String id = handle.getString("id");
        assertEquals(
                1,
                Outcome.value(stream.next(id, 1, 1, 10_000L))
                        .getJsonArray("items")
                        .size());
        String before = status().getString("since");
        assertEquals(new JsonObject(), insert(4, 5, 0));
        await().until(() -> !status().getString("since").equals(before)
                && status().getString("state").equals("ready"));
        assertEquals(5, count());
        ServiceException ended = (ServiceException) Outcome.failure(stream.next(id, 2, 1, 10_000L));
        assertEquals("REFUSED_BY_SERVER", Stage.word(ended));
        assertEquals(43, ended.getDebugInfo().getJsonObject("server").getInteger("code"));
    }

    /** Without the flag the answer is awaited, and is the server's. */
    @Test
    void connectionStaysWithoutTheFlag() {
        bus.deploy(new JsonObject().put("moreToCome", false));
        String before = status().getString("since");
        assertEquals(2, insert(0, 2, 0).getInteger("n"));
        assertEquals(2, count());
        assertEquals(before, status().getString("since"));
    }
}
