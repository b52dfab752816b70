package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.mongodb.wire.CursorKind;
import dev.polywire.mongodb.wire.CursorReply;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many timers the pages of a cursor cost. */
class CursorTimersTest {

    private final Loop loop = new Loop();
    private final AtomicInteger timers = new AtomicInteger();

    @AfterEach
    void close() {
        loop.close();
    }

    /** A Vert.x that counts. */
    private Vertx counting() {
        return (Vertx) Proxy.newProxyInstance(
                Vertx.class.getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("setTimer")) {
                        timers.incrementAndGet();
                    }
                    try {
                        return method.invoke(loop.vertx(), arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    /** Answers with this batch at once. */
    private static CursorBatches giving(String batch) {
        return new CursorBatches() {
            @Override
            public Future<Buffer> next(int max, Object request) {
                return Future.succeededFuture(Documents.bson(batch));
            }

            @Override
            public void close() {}
        };
    }

    /** One that finds nothing rests before the reader asks again. */
    @ParameterizedTest
    @CsvSource({"ORDINARY, {n: 2}, 0", "ORDINARY, '', 10", "TAILABLE, {n: 2}, 10", "TAILABLE, '', 10"})
    void timersOfTenPages(CursorKind kind, String documents, int expected) {
        CursorStream stream = loop.call(() -> {
            Vertx vertx = counting();
            CursorReply first = CursorReply.read(Documents.bson(OpenedCursor.FIRST.replace("{n: 1}", "")));
            return new CursorStream(
                    vertx,
                    new AnswerMemory(vertx, "test"),
                    first,
                    new CursorCalls(vertx, null, first, 25_000, () -> {}),
                    giving(OpenedCursor.next("77", documents)),
                    new CursorOptions(kind, StreamForm.JSON, false, false, 1_000, 1));
        });
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    documents.isEmpty() ? 0 : 1,
                    loop.join(() -> stream.pull(5, 1_000)).items().size());
        }
        assertEquals(expected, timers.get());
    }
}
