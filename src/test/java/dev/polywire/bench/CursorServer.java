package dev.polywire.bench;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.service.ExtendedJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A MongoDB whose finds each have the same numbered documents, in batches as large as they are asked for. Any
 * connection can go on with a cursor. Each answer is made once, and copied with the cursor's id.
 */
final class CursorServer implements Server {

    static final int DOCUMENTS = 100_000;

    /** Of the id, the first field of the first field. */
    private static final int ID_AT = 20;

    /** An answer. @param first number of a document in it */
    private record Batch(String name, int first, int size) {}

    private final Map<Batch, Buffer> answers = new ConcurrentHashMap<>();
    private final Map<Long, Integer> read = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return new ScriptedMongo(
                        vertx,
                        EndpointOptions.of("127.0.0.1", 0),
                        (peer, request) -> peer.reply(request, answer(ExtendedJson.decode(request.command(), false))))
                .listen();
    }

    private Buffer answer(JsonObject command) {
        boolean more = command.containsKey("getMore");
        long id = more ? command.getLong("getMore") : ids.incrementAndGet();
        int first = more ? read.remove(id) : 0;
        int size = Math.min(DOCUMENTS - first, command.getInteger("batchSize", DOCUMENTS));
        Batch batch = new Batch(more ? "nextBatch" : "firstBatch", first, size);
        boolean last = first + size == DOCUMENTS;
        if (!last) {
            read.put(id, first + size);
        }
        return answers.computeIfAbsent(batch, CursorServer::documents).copy().setLongLE(ID_AT, last ? 0 : id);
    }

    private static Buffer documents(Batch batch) {
        JsonArray documents = new JsonArray();
        for (int i = 0; i < batch.size; i++) {
            documents.add(DocumentsServer.planet(batch.first + i));
        }
        JsonObject cursor = new JsonObject()
                .put("id", new JsonObject().put("$numberLong", "0"))
                .put("ns", "db.planets")
                .put(batch.name, documents);
        return ExtendedJson.encode(new JsonObject().put("cursor", cursor).put("ok", 1.0));
    }
}
