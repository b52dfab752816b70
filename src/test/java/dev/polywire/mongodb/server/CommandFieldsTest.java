package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.server.SmallMongoOptions.Behaviour;
import dev.polywire.mongodb.wire.DocumentSequence;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No field of a command is ignored. */
class CommandFieldsTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private MongoSocket client(SmallMongoOptions options) {
        MongoSocket client = MongoSocket.to(vertx, options);
        client.command("{insert: 'things', documents: [{_id: 1}, {_id: 2}]}");
        return client;
    }

    private static int code(BsonDocument answer) {
        return answer.getInt32("code").getValue();
    }

    /** Refused, and nothing is done. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{find: 'things', fliter: {_id: 1}} | 40415 | find.fliter",
                "{find: 'things', Filter: {_id: 1}} | 40415 | find.Filter",
                "{find: 'things', hint: {a: 1}} | 238 | find.hint",
                "{find: 'things', hint: 'a'} | 238 | find.hint",
                "{find: 'things', showRecordId: true} | 238 | find.showRecordId",
                "{find: 'things', collation: {locale: 'de'}} | 238 | find.collation",
                "{getMore: {$numberLong: '5'}, collection: 'things', size: 1} | 40415 | getMore.size",
                "{killCursors: 'things', cursors: [], cursor: 5} | 40415 | killCursors.cursor",
                "{count: 'things', filter: {_id: 1}} | 40415 | count.filter",
                "{count: 'things', collation: {locale: 'de'}} | 238 | count.collation",
                "{aggregate: 'things', pipeline: [], cursor: {}, hint: 'a'} | 238 | aggregate.hint",
                "{aggregate: 'things', pipeline: [{$group: {_id: 1, n: {$sum: 1}}}], cursor: {size: 1}} | 40415 | aggregate.cursor.size",
                "{insert: 'things', documents: [{_id: 3}], order: false} | 40415 | insert.order",
                "{update: 'things', updates: [{q: {}, u: {a: 1}}, {q: {}, u: {a: 1}, upset: true}]} | 40415 | update.updates.upset",
                "{update: 'things', updates: [{q: {}, u: {a: 1}, collation: {locale: 'de'}}]} | 238 | update.updates.collation",
                "{update: 'things', updates: [{q: {}, u: {a: 1}}], let: {a: 1}} | 238 | update.let",
                "{delete: 'things', deletes: [{q: {_id: 1}, limit: 1}, {q: {_id: 2}, limit: 1, hint: 'a'}]} | 238 | delete.deletes.hint",
                "{delete: 'things', deletes: [{q: {}, limit: 0, collation: {locale: 'de'}}]} | 238 | delete.deletes.collation",
                "{delete: 'things', deletes: [{q: {}, limit: 0}], collation: {locale: 'de'}} | 40415 | delete.collation",
                "{create: 'new', clusteredIndex: {key: {_id: 1}, unique: true}} | 238 | create.clusteredIndex",
                "{sleep: 1, lock: 'w'} | 238 | sleep.lock",
                "{create: 'new', viewOn: 'things'} | 238 | create.viewOn",
                "{create: 'new', validator: {a: 1}} | 238 | create.validator",
                "{create: 'new', caped: true} | 40415 | create.caped",
                "{drop: 'things', force: true} | 40415 | drop.force",
                "{dropDatabase: 1, force: true} | 40415 | dropDatabase.force",
                "{listCollections: 1, filter: {type: 'collection'}} | 238 | listCollections.filter",
                "{listCollections: 1, filter: {name: {$regex: '^t'}}} | 238 | listCollections.filter",
                "{listCollections: 1, cursor: {batchSize: 0}} | 238 | cursor.batchSize",
                "{ping: 1, pong: 1} | 40415 | ping.pong",
            })
    void refused(String command, int code, String named) {
        try (MongoSocket client = client(SmallMongoOptions.DEFAULT)) {
            BsonDocument answer = client.command(command);
            assertEquals(code, code(answer));
            assertTrue(answer.getString("errmsg").getValue().contains(named), answer::toString);
            assertEquals(2, client.command("{count: 'things'}").getInt32("n").getValue());
            BsonDocument names = client.command("{listCollections: 1, nameOnly: true}");
            assertEquals(
                    BsonDocument.parse("{a: [{name: 'things', type: 'collection'}]}")
                            .get("a"),
                    names.getDocument("cursor").get("firstBatch"));
        }
    }

    /** What every command may have, and what asks for nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ping: 1, lsid: {id: 1}, txnNumber: {$numberLong: '1'}, $clusterTime: {}, $readPreference: {mode: 'nearest'},"
                        + " apiVersion: '1', apiStrict: true, apiDeprecationErrors: true, maxTimeMS: 5, comment: 'c',"
                        + " readConcern: {}, writeConcern: {w: 1}}",
                "{find: 'things', projection: {}, hint: {}, collation: null, returnKey: false, showRecordId: false, allowDiskUse: true}",
                "{create: 'new', capped: false, validator: {}}",
                "{listCollections: 1, filter: {name: 'things'}, nameOnly: true, authorizedCollections: true, cursor: {}}",
            })
    void taken(String command) {
        try (MongoSocket client = client(SmallMongoOptions.DEFAULT)) {
            assertEquals(1.0, client.command(command).getDouble("ok").getValue());
        }
    }

    /** A field beside the command is a field, too. */
    @Test
    void sequence() {
        try (MongoSocket client = client(SmallMongoOptions.DEFAULT)) {
            OpMsg insert = MongoSocket.message("{insert: 'things', documents: [{_id: 3}]}");
            OpMsg more = new OpMsg(
                    0, insert.body(), List.of(new DocumentSequence("document", List.of(Documents.bson("{_id: 4}")))));
            assertEquals(40_415, code(client.ask(more).document()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db.things | {$query: {_id: 1}, $explain: 1} | 238",
                "db.things | {$query: {_id: 1}, $order: {a: 1}} | 40415",
                "db.things | {query: {_id: 1}, a: 1} | 40415",
                "db.$cmd | {$query: {ping: 1}, $hint: 'a'} | 238",
            })
    void besideTheQuery(String collection, String query, int code) {
        try (MongoSocket client = client(SmallMongoOptions.DEFAULT.behaves(Behaviour.LEGACY))) {
            OpReply reply = client.query(collection, -1, query);
            assertEquals(code, code(MongoSocket.documents(reply).get(0)));
        }
    }

    /** Only the outermost is a wrapper: what it wraps may look for a field of that name. */
    @Test
    void fieldNamedQuery() {
        try (MongoSocket client = client(SmallMongoOptions.DEFAULT.behaves(Behaviour.LEGACY))) {
            client.command("{insert: 'things', documents: [{_id: 3, query: {a: 1}}]}");
            OpReply reply = client.query("db.things", 0, "{$query: {query: {a: 1}}}");
            assertEquals(1, reply.documents().size());
            assertEquals(3, MongoSocket.documents(reply).get(0).getInt32("_id").getValue());
        }
    }
}
