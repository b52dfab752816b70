package dev.polywire.mongodb.service;

import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.CursorKind;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;

/** Cursors without a bus, at a scripted server: their times are the test's. The pool has one connection, for one command at a time. */
final class CursorRoom implements AutoCloseable {

    final Loop loop = new Loop();
    final Stage stage = new Stage(loop.vertx());
    final MongoClient client;
    final CursorOpening opening;

    /** @param answerMillis how long a batch may take */
    CursorRoom(long answerMillis) {
        this(answerMillis, 1_000, Spi.NONE);
    }

    /** @param maxWaiting commands that wait for the connection */
    CursorRoom(long answerMillis, int maxWaiting, Spi spi) {
        client = loop.call(() -> new MongoClient(
                loop.vertx(),
                EndpointOptions.of("127.0.0.1", stage.port),
                new MongoClientOptions(1_000_000, new ClientMetadata("test", "1.0"), 1, 10_000),
                new MongoPoolOptions(1, 0, 2, 600_000, 3_600_000, maxWaiting, 1, 20, 2),
                0,
                spi,
                (state, cause) -> {}));
        opening = loop.call(
                () -> new CursorOpening(loop.vertx(), client, new AnswerMemory(loop.vertx(), "test"), answerMillis));
        loop.join(client::start);
    }

    static CursorOptions options(boolean exhaust) {
        return new CursorOptions(CursorKind.ORDINARY, StreamForm.JSON, false, exhaust, 1_000, 100);
    }

    Future<CursorStream> open(boolean exhaust, Deadline deadline) {
        return loop.call(() -> opening.open(Documents.bson("{find: 'a.b', $db: 'db'}"), options(exhaust), deadline));
    }

    Deadline deadline() {
        return loop.call(() -> Deadline.after(loop.vertx(), Stage.A_MINUTE));
    }

    /** Opened, and the first batch read. */
    CursorStream read(boolean exhaust) {
        Future<CursorStream> opened = open(exhaust, deadline());
        stage.next("find").reply(OpenedCursor.FIRST);
        CursorStream stream = Loop.await(opened);
        Loop.await(pull(stream));
        return stream;
    }

    Future<StreamSource.Page> pull(CursorStream stream) {
        return loop.call(() -> stream.pull(5, 1_000));
    }

    static String reason(Future<?> failing) {
        return ((CallException) Outcome.failure(failing)).reason().name();
    }

    @Override
    public void close() {
        loop.close();
    }
}
