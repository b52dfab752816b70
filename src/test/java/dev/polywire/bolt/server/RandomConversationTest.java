package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Requests at random, from a client that does not wait, to a handler that answers at random: now, later, by a failure, by an
 * exception, or never. Whatever happens, each transaction ends once and each result ends or is cancelled once.
 */
class RandomConversationTest {

    private static final int CONVERSATIONS = 400;

    private final Loop loop = new Loop();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger results = new AtomicInteger();
    private final AtomicInteger twice = new AtomicInteger();

    /** How the handler is today. */
    private final class Moody implements BoltHandler {

        private final Random mood = new Random(17);

        private <T> Future<T> moody(T answer) {
            return switch (mood.nextInt(8)) {
                case 0 -> Future.failedFuture(Failures.of(Failures.SYNTAX_ERROR, "no"));
                case 1 -> {
                    Promise<T> later = Promise.promise();
                    loop.vertx().setTimer(1 + mood.nextInt(5), t -> later.complete(answer));
                    yield later.future();
                }
                case 2 -> loop.vertx().executeBlocking(() -> answer);
                default -> Future.succeededFuture(answer);
            };
        }

        @Override
        public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
            if (mood.nextInt(20) == 0) {
                return Promise.<QueryResult>promise().future();
            }
            Counted rows = new Counted();
            return moody(new QueryResult(List.of("n"), rows)).onSuccess(given -> rows.opened());
        }

        @Override
        public Future<ServerTransaction> begin(ServerSession session) {
            return this.<ServerTransaction>moody(new Ended()).onSuccess(given -> {
                open.incrementAndGet();
                begun.incrementAndGet();
            });
        }

        private final class Ended implements ServerTransaction {

            @Override
            public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
                return Moody.this.run(session, query, parameters);
            }

            @Override
            public Future<String> commit(ServerSession session) {
                open.decrementAndGet();
                return moody("bookmark");
            }

            @Override
            public Future<?> rollback(ServerSession session) {
                open.decrementAndGet();
                return moody(true);
            }
        }

        private final class Counted implements ResultRows {

            private boolean over;

            private void opened() {
                open.incrementAndGet();
                results.incrementAndGet();
            }

            @Override
            public Future<Page> next(int max) {
                boolean last = mood.nextInt(3) == 0;
                return moody(last ? Page.last(List.of(), Summary.READ) : Page.of(List.of(List.of(1))))
                        .onSuccess(page -> {
                            // A page may come behind a cancel.
                            if (last && !over) {
                                end();
                            }
                        });
            }

            @Override
            public void cancel() {
                end();
            }

            private void end() {
                twice.addAndGet(over ? 1 : 0);
                over = true;
                open.decrementAndGet();
            }
        }
    }

    @Test
    void everythingEndsOnce() {
        ServerBounds bounds = Served.bounds(100, 0);
        BoltServer server = loop.call(() -> new BoltServer(
                loop.vertx(), EndpointOptions.of("127.0.0.1", 0), Served.options(10_000), bounds, new Moody()));
        int port = loop.join(server::listen);
        Random random = new Random(42);
        for (int i = 0; i < CONVERSATIONS; i++) {
            try (RawBolt bolt = RawBolt.ready(port, BoltVersion.V5_8)) {
                int count = 1 + random.nextInt(30);
                boolean inTransaction = false;
                for (int j = 0; j < count; j++) {
                    BoltRequest request = request(random.nextInt(10), inTransaction);
                    inTransaction = request instanceof BoltRequest.Begin
                            || inTransaction
                                    && !(request instanceof BoltRequest.Commit || request instanceof BoltRequest.Reset);
                    try {
                        bolt.send(request);
                    } catch (UncheckedIOException closed) {
                        break;
                    }
                }
                if (random.nextBoolean()) {
                    bolt.peer().reset();
                }
            }
        }
        await().until(() -> loop.call(server::connections) == 0);
        await().untilAsserted(() -> assertEquals(0, open.get(), begun + " transactions, " + results + " results"));
        await().during(Duration.ofMillis(300)).until(() -> open.get() == 0);
        assertTrue(begun.get() > 50 && results.get() > 60, () -> begun + " and " + results);
        assertEquals(0, twice.get());
        loop.join(server::close);
        loop.close();
    }

    private static BoltRequest request(int kind, boolean inTransaction) {
        return switch (kind) {
            case 0 -> new BoltRequest.Reset();
            case 1 -> inTransaction ? new BoltRequest.Commit() : new BoltRequest.Begin(TransactionOptions.DEFAULT);
            case 2 -> inTransaction ? RawBolt.run("q") : new BoltRequest.Begin(TransactionOptions.DEFAULT);
            case 3 -> BoltRequest.Discard.ALL;
            case 4 -> BoltRequest.Pull.ALL;
            case 5, 6 -> new BoltRequest.Pull(2, -1);
            default -> RawBolt.run("q");
        };
    }
}
