import com.mongodb.ConnectionString;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.event.ServerHeartbeatSucceededEvent;
import com.mongodb.event.ServerMonitorListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.bson.Document;

/** The Java driver against a server: {@code Scenario MODE URI}. One line for each step, {@code ok STEP} or {@code failed STEP: why}. */
public final class Scenario {

    private static final List<Integer> NUMBERS =
            IntStream.range(0, 250).boxed().toList();
    /** Answers of the server to a hello that waits. */
    private static final int AWAITED = 3;

    private static boolean failed;

    private interface Step {
        void run() throws Exception;
    }

    private static void step(String name, Step step) {
        try {
            step.run();
            System.out.println("ok " + name);
        } catch (Exception | AssertionError why) {
            failed = true;
            System.out.println("failed " + name + ": " + why);
        }
    }

    private static void equal(Object value, Object expected) {
        if (!Objects.equals(value, expected)) {
            throw new AssertionError(value + " (expected: " + expected + ")");
        }
    }

    public static void main(String[] arguments) {
        Logger.getLogger("").setLevel(Level.WARNING);
        CountDownLatch awaited = new CountDownLatch(AWAITED);
        MongoClient client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(arguments[1]))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(10, TimeUnit.SECONDS))
                .applyToServerSettings(server -> server.addServerMonitorListener(new ServerMonitorListener() {
                    @Override
                    public void serverHeartbeatSucceeded(ServerHeartbeatSucceededEvent event) {
                        if (event.isAwaited()) {
                            awaited.countDown();
                        }
                    }
                }))
                .build());
        run(client, client.getDatabase("drivers").getCollection("java"));
        if (arguments[0].equals("stream")) {
            step("stream", () -> equal(awaited.await(10, TimeUnit.SECONDS), true));
        }
        step("close", client::close);
        System.exit(failed ? 1 : 0);
    }

    private static void run(MongoClient client, MongoCollection<Document> things) {
        step("connect", () -> {
            equal(client.getDatabase("admin").runCommand(new Document("ping", 1)).get("ok"), 1.0);
            things.drop();
        });
        step("insert", () -> {
            things.insertMany(NUMBERS.stream()
                    .map(each -> new Document("_id", each).append("a", each))
                    .toList());
            things.insertOne(new Document("_id", "one").append("a", -1));
        });
        step("find", () -> equal(
                things.find(Filters.gte("a", 0))
                        .batchSize(100)
                        .map(each -> each.getInteger("_id"))
                        .into(new ArrayList<>()),
                NUMBERS));
        step("leave", () -> {
            try (MongoCursor<Document> cursor = things.find().batchSize(2).iterator()) {
                equal(cursor.next().get("_id"), 0);
            }
        });
        step("update", () -> {
            equal(things.updateOne(Filters.eq("_id", 7), Updates.set("a", "changed")).getModifiedCount(), 1L);
            equal(things.find(Filters.eq("_id", 7)).first(), new Document("_id", 7).append("a", "changed"));
        });
        step("delete", () -> {
            equal(things.deleteOne(Filters.eq("_id", 7)).getDeletedCount(), 1L);
            equal(things.find(Filters.eq("_id", 7)).first(), null);
            equal(things.countDocuments(), (long) NUMBERS.size());
        });
        step("duplicate key", () -> {
            try {
                things.insertOne(new Document("_id", 8));
            } catch (MongoWriteException twice) {
                equal(twice.getError().getCategory(), ErrorCategory.DUPLICATE_KEY);
                return;
            }
            throw new AssertionError("no error");
        });
    }
}
