package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.HostileReplies;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays every hostile answer to a connector, over real sockets and the bus, for a JVM with a small heap: each is the
 * answer to the first of three requests in flight. A second connector, to a healthy server, must not notice.
 */
final class MongoAbuse {

    /** Places where a message is cut: in its length, behind its header, behind flags and kind. */
    private static final List<Integer> CUTS = List.of(3, 16, 21);

    /** Two messages, and the first half of none: not one answer to one request. */
    private static final Set<String> NOT_ONE_ANSWER = Set.of("coalesced", "split_header");

    /** Beside each other, each with servers of its own: most of the time a connector waits before it connects again. */
    private static final int LANES = 4;

    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
    private static final JsonObject HOSTILE =
            new JsonObject().put("name", "mongodb").put("maxMessageBytes", MAX_MESSAGE_BYTES);

    /** A hundred thousand values count as 12.8 MB of JSON, and an answer may have half of the budget. */
    private static final int BUDGET_BYTES = 32 * 1024 * 1024;

    private final Stage stage = new Stage();
    private final MongoService healthy;
    private int played;

    private MongoAbuse() {
        ScriptedMongo.Script kind =
                (peer, request) -> peer.reply(request, Documents.bson("{connection: " + peer.number() + ", ok: 1.0}"));
        int port = Outcome.value(new ScriptedMongo(stage.vertx, EndpointOptions.of("127.0.0.1", 0), kind).listen());
        MemoryBudget.of(stage.vertx).limit(BUDGET_BYTES);
        stage.deploy(new JsonObject().put("port", port).put("name", "healthy"));
        healthy = MongoService.proxy(stage.vertx, "polywire.healthy");
    }

    public static void main(String[] arguments) {
        Iterator<HostileReplies.Row> rows = rows().iterator();
        CompletableFuture<?>[] lanes = Stream.generate(() -> CompletableFuture.supplyAsync(() -> playAll(rows)))
                .limit(LANES)
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> announced = CompletableFuture.runAsync(MongoAbuse::announceAll);
        CompletableFuture.allOf(lanes).join();
        announced.join();
        System.out.println(Stream.of(lanes).mapToInt(lane -> (int) lane.join()).sum() + " played");
    }

    private static void announceAll() {
        MongoAbuse abuse = new MongoAbuse();
        abuse.announceMuch();
        abuse.stage.close();
    }

    private static int playAll(Iterator<HostileReplies.Row> rows) {
        MongoAbuse abuse = new MongoAbuse();
        for (HostileReplies.Row row = next(rows); row != null; row = next(rows)) {
            abuse.play(row);
        }
        abuse.stage.close();
        return abuse.played;
    }

    /** One at a time, so that not all are in the heap at once. */
    private static HostileReplies.@Nullable Row next(Iterator<HostileReplies.Row> rows) {
        synchronized (rows) {
            return rows.hasNext() ? rows.next() : null;
        }
    }

    private static Stream<HostileReplies.Row> rows() {
        return Stream.concat(
                HostileReplies.rows().filter(row -> !NOT_ONE_ANSWER.contains(row.id())),
                Stream.of(
                        new HostileReplies.Row("too many documents", HostileReplies.tooManyDocuments(), "LIMIT"),
                        new HostileReplies.Row("M38 100 000 keys", Documents.reply(keys(100_000)), "Reply"),
                        new HostileReplies.Row("over our own limit", message(MAX_MESSAGE_BYTES + 1), "FRAMING")));
    }

    /** {@code {ok: 1.0, "": null, "": null, ...}}: the same empty key again and again. */
    private static Buffer keys(int count) {
        Buffer ok = Documents.OK;
        Buffer document = ok.getBuffer(0, ok.length() - 1);
        for (int i = 0; i < count; i++) {
            document.appendByte((byte) 0x0a).appendByte((byte) 0);
        }
        return document.appendByte((byte) 0).setIntLE(0, ok.length() + 2 * count);
    }

    private static Buffer message(int bytes) {
        return Documents.frame(2013, Buffer.buffer(new byte[bytes - 16]));
    }

    private void play(HostileReplies.Row row) {
        Buffer bytes = row.bytes();
        try {
            play(row.outcome(), List.of(bytes));
            if (bytes.length() < 100) {
                play(row.outcome(), Cuts.singleBytes(bytes));
            }
            CUTS.stream().filter(at -> at < bytes.length()).forEach(at -> play(row.outcome(), Cuts.at(bytes, at)));
        } catch (AssertionError wrong) {
            throw new AssertionError(row.id() + ": " + wrong.getMessage(), wrong);
        }
    }

    /** A connector of its own for each: one that is cut off often comes back later and later. */
    private void play(String outcome, List<Buffer> pieces) {
        String id = stage.deploy(HOSTILE);
        Future<JsonObject> first = Stage.find(stage.mongo(), 1);
        Future<JsonObject> read = Stage.find(stage.mongo(), 2);
        Future<JsonObject> write = Stage.insert(stage.mongo(), 3);
        Asked victim = stage.next("find");
        List<Asked> others = List.of(stage.next("find"), stage.next("insert"));
        send(victim, pieces);
        assertHealthy();
        switch (outcome) {
            case "Reply" -> Outcome.value(first);
            case "Undecodable" -> assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(first));
            case "FRAMING" -> assertEquals("PROTOCOL_VIOLATION mayHaveExecuted", Stage.failure(first));
            case "LIMIT" -> assertEquals("LIMIT_EXCEEDED mayHaveExecuted", Stage.failure(first));
            default -> throw new AssertionError(outcome);
        }
        if (outcome.equals("Reply") || outcome.equals("Undecodable")) {
            others.forEach(Asked::ok);
            Outcome.value(read);
            Outcome.value(write);
            assertEquals(victim.peer().number(), servedBy());
        } else {
            assertEquals("CONNECTION_LOST retryable", Stage.failure(read));
            assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(write));
            assertTrue(servedBy() > victim.peer().number());
        }
        Outcome.value(stage.vertx.undeploy(id));
        played++;
    }

    /** The vectors answer request 1, which was the hello: their responseTo (bytes 8 to 11) is patched to the request's. */
    private static void send(Asked victim, List<Buffer> pieces) {
        Buffer whole = Buffer.buffer();
        pieces.forEach(whole::appendBuffer);
        Buffer patched = victim.answering(whole);
        int at = 0;
        for (Buffer piece : pieces) {
            victim.peer().raw(patched.getBuffer(at, at + piece.length()));
            at += piece.length();
        }
    }

    private int servedBy() {
        Future<JsonObject> next = stage.mongo().ping();
        Asked ping = stage.next("ping");
        ping.ok();
        Outcome.value(next);
        return ping.peer().number();
    }

    private void assertHealthy() {
        assertEquals(1, Outcome.value(healthy.ping()).getInteger("connection"));
    }

    /** Twenty servers that each announce 47 MB and send nothing more: together far more than the heap. */
    private void announceMuch() {
        List<Future<JsonObject>> calls = new ArrayList<>();
        IntStream.range(0, 20).forEach(n -> {
            stage.deploy(new JsonObject().put("name", "announced" + n));
            calls.add(Stage.find(MongoService.proxy(stage.vertx, "polywire.announced" + n, 2_000), n));
            Asked find = stage.next("find");
            find.raw(Buffer.buffer(new byte[20]).setIntLE(0, 48_000_000).setIntLE(12, 2013));
        });
        assertHealthy();
        calls.forEach(call -> assertEquals("LIMIT_EXCEEDED mayHaveExecuted", Stage.failure(call)));
        assertHealthy();
    }
}
