package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.NotificationFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * {@code rows N} is N rows of a number, {@code texts N} of text, {@code list N} of text in memory, {@code fail CODE} fails, {@code crash} throws, {@code never} says nothing, {@code slow}
 * says its rows nothing, {@code give} is the parameter {@code value}, any other query is one row with its own text. Alice's
 * password is {@code secret}.
 */
final class TestHandler implements BoltHandler {

    /** What happened, in order. */
    final List<String> heard = new CopyOnWriteArrayList<>();
    /** Rows that were asked for. */
    final AtomicLong made = new AtomicLong();
    /** How often {@code flaky} fails before it does not. */
    final AtomicLong failuresLeft = new AtomicLong();

    volatile ServerRoutes routes;

    /** A transaction that says what happens to it. */
    private final class Told implements ServerTransaction {

        @Override
        public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
            return TestHandler.this.run(session, query, parameters);
        }

        @Override
        public Future<String> commit(ServerSession session) {
            heard.add("commit");
            return Future.succeededFuture("bookmark:" + session.user());
        }

        @Override
        public Future<?> rollback(ServerSession session) {
            heard.add("rollback");
            return Future.succeededFuture();
        }
    }

    @Override
    public Future<String> verifyAuth(ServerSession session, AuthToken token) {
        Map<String, Object> fields = token.fields();
        if ("never".equals(fields.get("principal"))) {
            session.whenCancelled(() -> heard.add("cancelled login"));
            return Promise.<String>promise().future();
        }
        if ("crash".equals(fields.get("principal"))) {
            throw new IllegalStateException("as the test says");
        }
        return "alice".equals(fields.get("principal")) && "secret".equals(fields.get("credentials"))
                ? Future.succeededFuture("alice")
                : Future.failedFuture(Failures.unauthorized());
    }

    @Override
    public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
        heard.add("run " + query);
        String[] words = query.split(" ");
        return switch (words[0]) {
            case "rows" -> Future.succeededFuture(rows(Long.parseLong(words[1])));
            case "list" -> Future.succeededFuture(list(Integer.parseInt(words[1])));
            case "texts" -> Future.succeededFuture(texts(Long.parseLong(words[1])));
            case "fail" -> Future.failedFuture(Failures.of(words[1], "as the test says"));
            case "flaky" ->
                failuresLeft.getAndDecrement() > 0
                        ? Future.failedFuture(Failures.of(Failures.DEADLOCK, "again"))
                        : Future.succeededFuture(QueryResult.row(List.of("n"), 1));
            case "crash" -> throw new IllegalStateException("as the test says: " + query);
            case "never" -> {
                session.whenCancelled(() -> heard.add("cancelled run"));
                yield Promise.<QueryResult>promise().future();
            }
            case "slow" -> Future.succeededFuture(new QueryResult(List.of("n"), silent()));
            case "give" -> Future.succeededFuture(QueryResult.row(List.of("value"), parameters.get("value")));
            case "certificate" ->
                Future.succeededFuture(QueryResult.row(
                        List.of("names"), List.copyOf(session.peer().certificateNames())));
            case "who" ->
                Future.succeededFuture(QueryResult.row(
                        List.of("user", "database", "metadata", "agent"),
                        session.user(),
                        session.options().database(),
                        session.options().metadata(),
                        session.peer().agent()));
            case "filter" -> {
                NotificationFilter filter = session.options().notifications();
                yield Future.succeededFuture(
                        QueryResult.row(List.of("least", "disabled"), filter.minimumSeverity(), filter.disabled()));
            }
            case "object" -> Future.succeededFuture(QueryResult.row(List.of("value"), new Object()));
            case "narrow" ->
                Future.succeededFuture(QueryResult.of(List.of("a", "b"), List.of(List.of(1)), Summary.READ));
            case "wrote" ->
                Future.succeededFuture(QueryResult.of(
                        List.of(),
                        List.of(),
                        Summary.wrote(Map.of("nodes-created", 2L, "contains-updates", true))
                                .with(List.of(ServerNotification.warning(
                                        "Neo.ClientNotification.Statement.CartesianProduct",
                                        "slow",
                                        "two by two",
                                        "PERFORMANCE")))
                                .with("bookmark:1")));
            default -> Future.succeededFuture(QueryResult.row(List.of("value"), query));
        };
    }

    @Override
    public Future<ServerTransaction> begin(ServerSession session) {
        heard.add("begin " + session.options().database());
        return Future.succeededFuture(new Told());
    }

    @Override
    public Future<ServerRoutes> route(ServerSession session, BoltRequest.Route request) {
        heard.add("route " + request.database());
        return routes == null ? BoltHandler.super.route(session, request) : Future.succeededFuture(routes);
    }

    @Override
    public void closed(ServerSession session) {
        heard.add("closed " + session.user());
    }

    private QueryResult rows(long count) {
        Iterator<List<Long>> numbers = LongStream.range(0, count)
                .peek(n -> made.incrementAndGet())
                .mapToObj(List::of)
                .iterator();
        return QueryResult.of(List.of("n"), numbers, Summary.READ);
    }

    private static QueryResult list(int count) {
        List<List<String>> rows =
                IntStream.range(0, count).mapToObj(n -> List.of(text(n))).toList();
        return QueryResult.of(List.of("text"), rows, Summary.READ);
    }

    private QueryResult texts(long count) {
        Iterator<List<String>> texts = LongStream.range(0, count)
                .peek(n -> made.incrementAndGet())
                .mapToObj(n -> List.of(text(n)))
                .iterator();
        return QueryResult.of(List.of("text"), texts, Summary.READ);
    }

    static String text(long number) {
        return "x".repeat(2_000) + number;
    }

    private ResultRows silent() {
        return new ResultRows() {
            @Override
            public Future<Page> next(int max) {
                heard.add("next");
                return Promise.<Page>promise().future();
            }

            @Override
            public void cancel() {
                heard.add("cancelled rows");
            }
        };
    }
}
