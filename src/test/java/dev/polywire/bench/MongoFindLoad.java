package dev.polywire.bench;

import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.service.AcceptedAnswer;
import dev.polywire.mongodb.service.ExtendedJson;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.CursorReply;
import dev.polywire.mongodb.wire.MongoClientOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds of one document by our client, all on one connection. Each call has a deadline of its own, as a request on the bus has. */
abstract class MongoFindLoad implements Load {

    private static final long PATIENCE_MILLIS = 25_000;
    private static final JsonObject FIND = new JsonObject()
            .put("find", "planets")
            .put("filter", new JsonObject().put("_id", 4711))
            .put("limit", 1)
            .put("singleBatch", true);
    private static final Buffer FIND_BYTES = ExtendedJson.encode(FIND, "find", Map.of("$db", "db"));

    private final List<String> compressors;
    private @Nullable Vertx vertx;
    private @Nullable MongoClient client;

    MongoFindLoad(List<String> compressors) {
        this.compressors = compressors;
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        client = PingDirect.client(
                vertx,
                port,
                new MongoClientOptions(new ClientMetadata(null, "0"))
                        .withCompressors(Compressors.usable(compressors, -1)));
        return client.start()
                .compose(up -> client.command(new MongoCall(command(), Deadline.after(vertx, PATIENCE_MILLIS))))
                .map(answer -> FindServer.checked(AcceptedAnswer.json(answer)));
    }

    @Override
    public void run(Window window) {
        window.open(() -> {
            Deadline deadline = Deadline.after(vertx, PATIENCE_MILLIS);
            client.command(new MongoCall(command(), deadline)).onComplete(answer -> {
                deadline.met();
                if (answer.succeeded() && found(answer.result()) == 1) {
                    window.ended();
                } else {
                    window.failed(answer.succeeded() ? new IllegalStateException("not found") : answer.cause());
                }
            });
        });
    }

    /** To send. */
    abstract Buffer command();

    /** How many documents are in an answer. */
    abstract int found(Buffer answer);

    /** BSON as it is. */
    static class Raw extends MongoFindLoad {

        Raw() {
            super(List.of());
        }

        Raw(String compressor) {
            super(List.of(compressor));
        }

        @Override
        Buffer command() {
            return FIND_BYTES;
        }

        @Override
        int found(Buffer answer) {
            return CursorReply.read(answer).documents().size();
        }
    }

    static final class Zlib extends Raw {
        Zlib() {
            super("zlib");
        }
    }

    static final class Snappy extends Raw {
        Snappy() {
            super("snappy");
        }
    }

    static final class Zstd extends Raw {
        Zstd() {
            super("zstd");
        }
    }

    /** JSON objects to BSON and back, with what the service adds. */
    static final class Json extends MongoFindLoad {

        Json() {
            super(List.of());
        }

        @Override
        Buffer command() {
            return ExtendedJson.encode(FIND, "find", Map.of("$db", "db", "maxTimeMS", PATIENCE_MILLIS));
        }

        @Override
        int found(Buffer answer) {
            return FindServer.isFound(AcceptedAnswer.json(answer)) ? 1 : 0;
        }
    }
}
