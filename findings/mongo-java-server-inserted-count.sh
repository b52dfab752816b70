#!/usr/bin/env bash
# mongo-java-server 1.47.0 (de.bwaldvogel:mongo-java-server): an insert that stops at a duplicate says that it inserted everything.
#
# Expected (the insert command): n is the number of documents that were inserted, and Java's driver gives it as getInsertedCount().
# Seen: n is the number of documents that were sent: it counts the one with the error, and those after it that were not tried. A
#   caller that goes by the count believes that all are stored. The errors' indexes are right, and so is what is stored.
# The output on 2026-12-01, with Java's driver 5.14.0 and OpenJDK 17; each collection has a document 1 before:
#> ordered, 1 and 2: inserted 2, error at 0, new in the collection []
#> ordered, 2, 1, 3 and 4: inserted 4, error at 1, new in the collection [2]
#> unordered, 2, 1, 3 and 4: inserted 4, error at 1, new in the collection [2, 3, 4]
#> the reply's n: 4
#
# Needs a JDK 17 and Maven 3.8.
set -euo pipefail

. "$(dirname "$0")/lib/vertx.sh"

cat >"$folder/Main.java" <<'JAVA'
import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertManyOptions;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

public class Main {

    public static void main(String[] arguments) {
        MongoServer server = new MongoServer(new MemoryBackend());
        try (MongoClient client = MongoClients.create(server.bindAndGetConnectionString())) {
            MongoDatabase database = client.getDatabase("database");
            insert(database, "ordered, 1 and 2", true, documents(1, 2));
            insert(database, "ordered, 2, 1, 3 and 4", true, documents(2, 1, 3, 4));
            insert(database, "unordered, 2, 1, 3 and 4", false, documents(2, 1, 3, 4));
            database.getCollection("command").insertOne(new Document("_id", 1));
            Document command = new Document("insert", "command").append("documents", documents(2, 1, 3, 4));
            System.out.println("the reply's n: " + database.runCommand(command).get("n"));
        } finally {
            server.shutdownNow();
        }
    }

    private static List<Document> documents(Integer... ids) {
        return List.of(ids).stream().map(id -> new Document("_id", id)).toList();
    }

    private static void insert(MongoDatabase database, String name, boolean ordered, List<Document> documents) {
        MongoCollection<Document> collection = database.getCollection(name);
        collection.insertOne(new Document("_id", 1));
        try {
            collection.insertMany(documents, new InsertManyOptions().ordered(ordered));
        } catch (MongoBulkWriteException refused) {
            List<Object> stored = new ArrayList<>();
            collection.find(new Document("_id", new Document("$gt", 1))).forEach(found -> stored.add(found.get("_id")));
            System.out.println(name + ": inserted " + refused.getWriteResult().getInsertedCount() + ", error at "
                    + refused.getWriteErrors().get(0).getIndex() + ", new in the collection " + stored);
        }
    }
}
JAVA

run_with de.bwaldvogel:mongo-java-server:1.47.0 org.mongodb:mongodb-driver-sync:5.14.0
