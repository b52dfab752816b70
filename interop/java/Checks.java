import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Bookmark;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Logging;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.summary.QueryType;
import org.neo4j.driver.summary.ResultSummary;
import org.neo4j.driver.types.Node;
import org.neo4j.driver.types.Path;
import org.neo4j.driver.types.Relationship;

/** The checks with Neo4j's own driver, 4.4 and 5.28: {@code Checks PORT PASSWORD KEY}. */
@SuppressWarnings("deprecation")
public final class Checks {

    private static final long PATIENCE_SECONDS = 60;

    private final String port;
    private final String password;
    private final String key;
    private final Driver driver;

    private Checks(String port, String password, String key) {
        this.port = port;
        this.password = password;
        this.key = key;
        this.driver = connect("bolt", password);
    }

    public static void main(String[] arguments) {
        new Checks(arguments[0], arguments[1], arguments[2]).run();
        System.exit(0);
    }

    private static Map<String, Value> values() {
        LocalDateTime day = LocalDateTime.of(2024, 2, 29, 23, 59, 58, 123_456_789);
        ZoneOffset west = ZoneOffset.ofHoursMinutes(-3, -30);
        Map<String, Object> map = new HashMap<>();
        map.put("key", Map.of("key", 1L));
        map.put("none", null);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("null", null);
        values.put("boolean", true);
        values.put("integers", List.of(0L, -16L, -17L, 128L, -40_000L, 9_007_199_254_740_993L, Long.MIN_VALUE));
        values.put("floats", List.of(1.5, -0.1, 1e300, Double.POSITIVE_INFINITY));
        values.put("strings", List.of("", "a\u00e5\u4e2d\ud83d\ude00", "x".repeat(70_000)));
        values.put("bytes", new byte[] {0, 1, -1});
        values.put("list", Arrays.asList(1L, null, List.of("deep")));
        values.put("map", map);
        values.put("date", LocalDate.of(2024, 2, 29));
        values.put("time", OffsetTime.of(day.toLocalTime(), west));
        values.put("local time", day.toLocalTime());
        values.put("local datetime", day);
        values.put("datetime", OffsetDateTime.of(day, west));
        values.put("zoned", ZonedDateTime.of(day, ZoneId.of("Europe/Stockholm")));
        values.put("duration", Values.isoDuration(14, -3, 5, 999_999_999));
        values.put("point", Values.point(4326, 12.5, -7.25));
        values.put("point 3d", Values.point(9157, 1, 2, 3));
        Map<String, Value> all = new LinkedHashMap<>();
        values.forEach((name, value) -> all.put(name, Values.value(value)));
        return all;
    }

    private Driver connect(String scheme, String word) {
        Config quiet = Config.builder().withLogging(Logging.none()).build();
        return GraphDatabase.driver(scheme + "://127.0.0.1:" + port, AuthTokens.basic("ada", word), quiet);
    }

    private static void check(String name, Runnable what) {
        try {
            CompletableFuture.runAsync(what, each -> new Thread(each).start()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            System.out.println("ok " + name);
        } catch (Exception why) {
            String text = String.valueOf(why.getCause() == null ? why : why.getCause()).replaceAll("\\s+", " ");
            System.out.println("failed " + name + ": " + text.substring(0, Math.min(250, text.length())));
        }
    }

    private static void equal(Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new IllegalStateException(found + " (expected: " + expected + ")");
        }
    }

    private <T> T using(SessionConfig config, Function<Session, T> work) {
        try (Session session = driver.session(config)) {
            return work.apply(session);
        }
    }

    private void with(Function<Session, ?> work) {
        using(SessionConfig.defaultConfig(), work);
    }

    private Record one(String query, Map<String, Object> parameters) {
        return using(SessionConfig.defaultConfig(), session -> session.run(query, parameters).single());
    }

    private Record one(String query) {
        return one(query, Map.of());
    }

    private void run() {
        check("connect", () -> {
            driver.verifyConnectivity();
            System.out.println("bolt " + one("peer").get("version").asString());
        });
        values().forEach((name, value) -> {
            check("read " + name, () -> equal(one("value " + name).get("value"), value));
            check("send " + name, () -> {
                Map<String, Object> parameters = new HashMap<>();
                parameters.put("value", value);
                equal(one("same " + name, parameters).get("same").asBoolean(), true);
            });
        });
        graph();
        results();
        transactions();
        settings();
        connections();
        check("close", driver::close);
    }

    private static void isAda(Node node) {
        equal(node.labels(), List.of("Person"));
        equal(node.asMap(), Map.of("name", "Ada"));
        equal(node.id(), 1L);
    }

    private void graph() {
        check("node", () -> isAda(one("value node").get("value").asNode()));
        check("relationship", () -> {
            Relationship found = one("value relationship").get("value").asRelationship();
            equal(found.type(), "KNOWS");
            equal(found.asMap(), Map.of("since", 1999L));
            equal(List.of(found.startNodeId(), found.endNodeId()), List.of(1L, 2L));
        });
        check("path", () -> {
            Path found = one("value path").get("value").asPath();
            isAda(found.start());
            equal(found.end().get("name").asString(), "Bob");
            equal(found.relationships().iterator().next().startNodeId(), 2L);
        });
    }

    private void results() {
        check("failure", () -> with(session -> {
            String code = "Neo.ClientError.Statement.SyntaxError";
            try {
                session.run("fail " + code).consume();
                throw new IllegalStateException("it did not fail");
            } catch (ClientException failure) {
                equal(failure.code() + " " + failure.getMessage(), code + " as the query says");
            }
            equal(session.run("peer").single().get("user").asString(), "ada");
            return null;
        }));
        check("rows", () -> using(SessionConfig.builder().withFetchSize(100).build(), session -> {
            count(session.run("rows 2500"), 2_500);
            return null;
        }));
        check("stopped", () -> using(SessionConfig.builder().withFetchSize(10).build(), session -> {
            Result result = session.run("rows 1000000");
            equal(result.next().get(0).asLong(), 0L);
            result.consume();
            equal(session.run("peer").single().get("user").asString(), "ada");
            return null;
        }));
        check("two results", () -> using(SessionConfig.builder().withFetchSize(10).build(), session -> {
            try (Transaction transaction = session.beginTransaction()) {
                Result first = transaction.run("rows 35");
                count(transaction.run("rows 45"), 45);
                count(first, 35);
                transaction.commit();
            }
            return null;
        }));
    }

    private static void count(Result result, int expected) {
        List<Integer> numbers = result.list(row -> row.get("n").asInt());
        for (int n = 0; n < numbers.size(); n++) {
            equal(numbers.get(n), n);
        }
        equal(numbers.size(), expected);
    }

    private void transactions() {
        check("commit", () -> {
            with(session -> {
                try (Transaction transaction = session.beginTransaction()) {
                    transaction.run("put " + key + " commit");
                    transaction.commit();
                }
                return null;
            });
            equal(one("has " + key + " commit").get("has").asBoolean(), true);
        });
        check("rollback", () -> {
            with(session -> {
                try (Transaction transaction = session.beginTransaction()) {
                    transaction.run("put " + key + " rollback").consume();
                    transaction.rollback();
                }
                return null;
            });
            equal(one("has " + key + " rollback").get("has").asBoolean(), false);
        });
        check("retry", () -> with(session -> {
            AtomicInteger tries = new AtomicInteger();
            String found = session.writeTransaction(transaction -> {
                tries.incrementAndGet();
                return transaction.run("flaky " + key).single().get(0).asString();
            });
            equal(found + " " + tries, key + " 2");
            return null;
        }));
        check("bookmarks", () -> {
            Bookmark mark = using(SessionConfig.defaultConfig(), session -> {
                session.writeTransaction(transaction -> transaction.run("put " + key + " bookmark").consume());
                return session.lastBookmark();
            });
            String text = mark.values().iterator().next();
            equal(text.substring(0, 6), "known:");
            using(SessionConfig.builder().withBookmarks(mark).build(), session -> {
                equal(session.run("peer").single().get("bookmarks").asList(), List.of(text));
                return null;
            });
        });
    }

    private void settings() {
        SessionConfig config = SessionConfig.builder()
                .withDatabase("graph")
                .withDefaultAccessMode(AccessMode.READ)
                .build();
        check("options", () -> using(config, session -> {
            TransactionConfig options = TransactionConfig.builder()
                    .withMetadata(Map.of("app", "checks"))
                    .withTimeout(Duration.ofSeconds(5))
                    .build();
            Record row = session.run("peer", options).single();
            equal(row.get("database").asString() + row.get("mode").asString(), "graphr");
            equal(row.get("metadata").asMap(), Map.of("app", "checks"));
            return null;
        }));
        check("summary", () -> with(session -> {
            ResultSummary end = session.run("wrote").consume();
            equal(end.queryType(), QueryType.WRITE_ONLY);
            equal(end.counters().nodesCreated(), 2);
            equal(end.notifications().get(0).code(), "Neo.ClientNotification.Statement.CartesianProduct");
            return null;
        }));
    }

    private void connections() {
        check("routing", () -> {
            try (Driver routed = connect("neo4j", password);
                    Session session = routed.session()) {
                equal(session.readTransaction(each -> each.run("peer").single().get("mode").asString()), "r");
                equal(session.writeTransaction(each -> each.run("peer").single().get("mode").asString()), "w");
            }
        });
        check("refused", () -> {
            try (Driver wrong = connect("bolt", "wrong")) {
                wrong.verifyConnectivity();
                throw new IllegalStateException("it was not refused");
            } catch (AuthenticationException refused) {
                equal(refused.code(), "Neo.ClientError.Security.Unauthorized");
            }
        });
    }
}
