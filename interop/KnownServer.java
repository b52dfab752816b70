import dev.polywire.bolt.server.BoltHandler;
import dev.polywire.bolt.server.BoltServer;
import dev.polywire.bolt.server.Failures;
import dev.polywire.bolt.server.QueryResult;
import dev.polywire.bolt.server.ServerNotification;
import dev.polywire.bolt.server.ServerSession;
import dev.polywire.bolt.server.ServerTransaction;
import dev.polywire.bolt.server.Summary;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;

/**
 * Starts a Bolt server that answers the queries of the checks, prints {@code READY port}, and ends with its input.
 *
 * <ul>
 *   <li>{@code value NAME} returns a value of {@link KnownValues}; {@code same NAME} says whether {@code $value} is that one
 *   <li>{@code rows N} has N rows: 0, 1, ..
 *   <li>{@code fail CODE} fails with this code; {@code flaky KEY} fails once for each key, so that a driver tries again
 *   <li>{@code put KEY} is a write, undone by a rollback; {@code has KEY} says whether it was committed
 *   <li>{@code wrote} has a summary, with changes and a notification; {@code peer} tells who asks, and what he asks for
 * </ul>
 *
 * <p>Ada may log in, with the first argument as her password.
 */
public final class KnownServer implements BoltHandler {

    private final String password;
    private final Set<String> flaked = new HashSet<>();
    private final Set<String> committed = new HashSet<>();
    private long commits;

    private KnownServer(String password) {
        this.password = password;
    }

    public static void main(String[] arguments) throws Exception {
        // Without a line for each wrong login.
        Logger.getLogger("").setLevel(Level.WARNING);
        Vertx vertx = Vertx.vertx();
        new BoltServer(vertx, EndpointOptions.of("127.0.0.1", 0), new KnownServer(arguments[0]))
                .listen()
                .onSuccess(port -> System.out.println("READY " + port))
                .onFailure(Throwable::printStackTrace);
        System.in.read();
        vertx.close();
    }

    /** Its writes are seen by others once it is committed. */
    private final class Writes implements ServerTransaction {

        private final List<String> keys = new ArrayList<>();

        @Override
        public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
            return KnownServer.this.run(session, query, parameters, keys);
        }

        @Override
        public Future<String> commit(ServerSession session) {
            committed.addAll(keys);
            return Future.succeededFuture("known:" + ++commits);
        }
    }

    @Override
    public Future<String> verifyAuth(ServerSession session, AuthToken token) {
        return "ada".equals(token.fields().get("principal")) && password.equals(token.fields().get("credentials"))
                ? Future.succeededFuture("ada")
                : Future.failedFuture(Failures.unauthorized());
    }

    @Override
    public Future<ServerTransaction> begin(ServerSession session) {
        return Future.succeededFuture(new Writes());
    }

    @Override
    public Future<QueryResult> run(ServerSession session, String query, Map<String, Object> parameters) {
        List<String> keys = new ArrayList<>();
        return run(session, query, parameters, keys).onSuccess(result -> committed.addAll(keys));
    }

    private Future<QueryResult> run(
            ServerSession session, String query, Map<String, Object> parameters, List<String> keys) {
        String[] words = query.split(" ", 2);
        return switch (words[0]) {
            case "value" -> row("value", KnownValues.ALL.get(words[1]));
            case "same" -> row("same", KnownValues.isSame(words[1], parameters.get("value")));
            case "rows" -> Future.succeededFuture(rows(Long.parseLong(words[1])));
            case "fail" -> Future.failedFuture(Failures.of(words[1], "as the query says"));
            case "flaky" ->
                flaked.add(words[1])
                        ? Future.failedFuture(Failures.of(Failures.DEADLOCK, "once"))
                        : row("value", words[1]);
            case "put" -> {
                keys.add(words[1]);
                yield row("value", words[1]);
            }
            case "has" -> row("has", committed.contains(words[1]));
            case "wrote" -> Future.succeededFuture(QueryResult.of(List.of(), List.of(), wrote()));
            case "peer" -> Future.succeededFuture(peer(session));
            case "MATCH" -> Future.succeededFuture(nodes(parameters.get("x")));
            case "CALL" -> Future.succeededFuture(components(query.contains("versions[0]")));
            default -> Future.failedFuture(Failures.of(Failures.SYNTAX_ERROR, "not one of the known queries"));
        };
    }

    private static Future<QueryResult> row(String field, Object value) {
        return Future.succeededFuture(QueryResult.row(List.of(field), value));
    }

    private static QueryResult rows(long count) {
        return QueryResult.of(
                List.of("n"),
                LongStream.range(0, count).mapToObj(List::of).iterator(),
                Summary.READ);
    }

    private static Summary wrote() {
        return Summary.wrote(Map.of("nodes-created", 2L))
                .with(List.of(ServerNotification.warning(
                        "Neo.ClientNotification.Statement.CartesianProduct", "slow", "two by two", "PERFORMANCE")));
    }

    private static QueryResult peer(ServerSession session) {
        return QueryResult.row(
                List.of("version", "user", "database", "mode", "metadata", "bookmarks"),
                session.peer().version().toString(),
                session.user(),
                session.options().database(),
                session.options().readOnly() ? "r" : "w",
                session.options().metadata(),
                session.options().bookmarks());
    }

    /** The nodes of these ids, as py2neo asks for them, when it wants to know more of a relationship or a path. */
    private static QueryResult nodes(Object ids) {
        List<List<Object>> rows = KnownValues.NODES.stream()
                .filter(node -> ids instanceof List<?> list && list.contains(node.id()))
                .map(node -> List.<Object>of(node.id(), node.labels(), node.properties()))
                .toList();
        return QueryResult.of(List.of("id(_)", "labels(_)", "properties(_)"), rows, Summary.READ);
    }

    /** dbms.components(), as py2neo asks for it, or neomodel. */
    private static QueryResult components(boolean first) {
        return first
                ? QueryResult.row(List.of("versions[0]", "edition"), "5.26.0", "community")
                : QueryResult.row(
                        List.of("name", "versions", "edition"), "Neo4j Kernel", List.of("5.26.0"), "community");
    }
}
