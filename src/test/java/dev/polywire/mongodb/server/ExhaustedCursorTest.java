package dev.polywire.mongodb.server;

import static dev.polywire.mongodb.server.MongoSocket.cursorId;
import static dev.polywire.mongodb.server.MongoSocket.ids;
import static dev.polywire.mongodb.server.SmallMongoTest.number;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of batches behind a getMore that allows exhaust. */
class ExhaustedCursorTest {

    /** More than the two sockets and the server itself keep. */
    private static final int LARGE = 14;

    private final Vertx vertx = Vertx.vertx();
    private final SmallMongo server =
            new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), SmallMongoOptions.DEFAULT);
    private final int port = Outcome.value(server.listen());
    /** To what the next answer is. */
    private int answers;

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private MongoSocket client() {
        return new MongoSocket(port);
    }

    private void begin(MongoSocket client, long id, String collection, String rest) {
        answers = client.send(MongoSocket.exhaust(
                "{getMore: {$numberLong: '" + id + "'}, collection: '" + collection + "'" + rest + "}"));
    }

    private BsonDocument next(MongoSocket client, boolean more) {
        MongoSocket.Received next = client.receive();
        assertEquals(answers, next.header().responseTo());
        assertEquals(more, ((OpMsg) next.message()).moreToCome());
        answers = next.header().requestId();
        return next.document();
    }

    /** A request that comes meanwhile is answered behind the last batch. */
    @Test
    void untilTheLastBatch() {
        try (MongoSocket client = client()) {
            client.command(
                    "{insert: 'things', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}, {_id: 6}]}");
            long id = cursorId(client.command("{find: 'things', batchSize: 2}"));
            begin(client, id, "things", ", batchSize: 2");
            int ping = client.send(MongoSocket.message("{ping: 1}"));
            for (List<Integer> each : List.of(List.of(3, 4), List.of(5, 6))) {
                BsonDocument batch = next(client, true);
                assertEquals(each, ids(batch));
                assertEquals(id, cursorId(batch));
            }
            BsonDocument last = next(client, false);
            assertEquals(List.of(), ids(last));
            assertEquals(0, cursorId(last));
            assertEquals(ping, client.receive().header().responseTo());
        }
    }

    @Test
    void onlyBatch() {
        try (MongoSocket client = client()) {
            client.command("{insert: 'things', documents: [{_id: 1}, {_id: 2}]}");
            begin(client, cursorId(client.command("{find: 'things', batchSize: 1}")), "things", "");
            assertEquals(List.of(2), ids(next(client, false)));
            begin(client, 5, "things", "");
            assertEquals(43, number(next(client, false), "code"));
            assertEquals(1, number(client.command("{ping: 1}"), "ok"));
        }
    }

    /** One that waits gives empty batches when nothing comes, and what comes. */
    @Test
    void tailed() {
        try (MongoSocket client = client();
                MongoSocket other = client()) {
            other.command("{create: 'log', capped: true, size: 10000}");
            other.command("{insert: 'log', documents: [{_id: 1}]}");
            String tail = "{find: 'log', tailable: true, awaitData: true}";
            begin(client, cursorId(client.command(tail)), "log", ", maxTimeMS: 1");
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of(), ids(next(client, true)));
            }
            long id = cursorId(other.command(tail));
            try (MongoSocket third = client()) {
                begin(third, id, "log", ", maxTimeMS: 600000");
                for (int i = 2; i < 5; i++) {
                    other.command("{insert: 'log', documents: [{_id: " + i + "}]}");
                    assertEquals(List.of(i), ids(next(third, true)));
                }
                other.command("{killCursors: 'log', cursors: [{$numberLong: '" + id + "'}]}");
                int code = number(next(third, false), "code");
                assertTrue(code == 237 || code == 43, () -> "code " + code);
                assertEquals(1, number(third.command("{ping: 1}"), "ok"));
            }
        }
    }

    /**
     * Nothing is read from the store while the client does not read: what is deleted meanwhile does not come. It goes on when the
     * client reads.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asFastAsItIsRead(boolean deleted) {
        try (MongoSocket client = new MongoSocket(port, 64 * 1024);
                MongoSocket other = client()) {
            String megabyte = "x".repeat(1024 * 1024);
            for (int i = 0; i < LARGE; i++) {
                other.command("{insert: 'things', documents: [{_id: " + i + ", a: '" + megabyte + "'}]}");
            }
            begin(client, cursorId(client.command("{find: 'things', batchSize: 1}")), "things", ", batchSize: 1");
            List<Integer> read = new ArrayList<>(ids(next(client, true)));
            for (int i = 0; i < 2 * LARGE; i++) {
                // One batch in each turn, if there were nothing that held them.
                assertEquals(1, number(other.command("{ping: 1}"), "ok"));
            }
            if (deleted) {
                other.command("{delete: 'things', deletes: [{q: {}, limit: 0}]}");
            }
            BsonDocument last;
            do {
                MongoSocket.Received each = client.receive();
                assertEquals(answers, each.header().responseTo());
                answers = each.header().requestId();
                last = each.document();
                read.addAll(ids(last));
            } while (cursorId(last) != 0);
            assertEquals(IntStream.rangeClosed(1, read.size()).boxed().toList(), read);
            assertEquals(deleted, read.size() < LARGE - 1, () -> read.size() + " documents");
        }
    }

    /** A client that goes in the middle takes its cursor with it. */
    @Test
    void endsWithTheConnection() {
        try (MongoSocket client = client()) {
            client.command("{create: 'log', capped: true, size: 10000}");
            client.command("{insert: 'log', documents: [{_id: 1}]}");
            begin(client, cursorId(client.command("{find: 'log', tailable: true}")), "log", "");
            assertFalse(ids(next(client, true)).contains(1));
        }
        await().until(() -> server.cursors().size() == 0 && server.connections() == 0);
    }
}
