package dev.polywire.mongodb.service;

import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.buffer.Buffer;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** The smallest server that keeps something: {@code find} gives what the last {@code insert} brought, as it is. */
final class Shelf implements ScriptedMongo.Script {

    private BsonArray kept = new BsonArray();

    @Override
    public void request(ScriptedPeer peer, MongoServerMachine.Request request) {
        switch (BsonFields.firstName(request.command())) {
            case "insert" -> {
                kept = inserted((OpMsg) request.message());
                peer.reply(request, Documents.bson("{n: " + kept.size() + ", ok: 1.0}"));
            }
            case "find" -> peer.reply(request, found());
            default -> peer.reply(request, Documents.OK);
        }
    }

    /** A driver sends documents beside the command, we send them in it. */
    private static BsonArray inserted(OpMsg insert) {
        BsonArray inside = Documents.parsed(insert.body()).getArray("documents", new BsonArray());
        BsonArray documents = new BsonArray(inside);
        insert.sequences().forEach(beside -> beside.documents().forEach(each -> documents.add(Documents.parsed(each))));
        return documents;
    }

    private Buffer found() {
        BsonDocument cursor = new BsonDocument("id", new BsonInt64(0))
                .append("ns", new BsonString("db.things"))
                .append("firstBatch", kept);
        return Documents.bson(new BsonDocument("cursor", cursor).append("ok", new BsonDouble(1)));
    }
}
