package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.DocumentCursor;
import dev.polywire.mongodb.store.DocumentFilter;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.store.StoredCollection;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpDelete;
import dev.polywire.mongodb.wire.OpGetMore;
import dev.polywire.mongodb.wire.OpInsert;
import dev.polywire.mongodb.wire.OpKillCursors;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.OpUpdate;
import dev.polywire.mongodb.wire.QueryWrapper;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/**
 * The operations before OP_MSG but for commands: as servers up to 5.0 answer them, or refused ({@link LegacySupport}). Writes have no
 * answer; one that fails is not told of.
 */
final class LegacyRequests {

    private static final int MAX_DOCUMENTS = 100_000;

    private final SmallMongo server;
    private final ScriptedPeer peer;

    LegacyRequests(SmallMongo server, ScriptedPeer peer) {
        this.server = server;
        this.peer = peer;
    }

    /** @param known whether the client may do something */
    void request(Request request, boolean known) {
        MongoMessage message = request.message();
        if (legacy() != LegacySupport.DONE) {
            refuse(request);
        } else if (!known) {
            if (message.hasReply()) {
                fail(request, MongoErrorCode.UNAUTHORIZED.with("requires authentication"), OpReply.QUERY_FAILURE);
            }
        } else {
            done(request);
        }
    }

    private LegacySupport legacy() {
        return server.options().behaviour().legacy();
    }

    private void refuse(Request request) {
        if (!(request.message() instanceof OpQuery)) {
            peer.close();
            return;
        }
        boolean flag = legacy() == LegacySupport.REFUSED;
        fail(
                request,
                MongoErrorCode.UNSUPPORTED_OP_QUERY.with(
                        "OP_QUERY is no longer supported. The client driver may require an upgrade."),
                flag ? OpReply.QUERY_FAILURE : 0);
    }

    private void done(Request request) {
        try {
            MongoMessage message = request.message();
            if (message instanceof OpQuery query) {
                query(request, query);
            } else if (message instanceof OpGetMore getMore) {
                getMore(request, getMore);
            } else if (message instanceof OpInsert insert) {
                insert(insert);
            } else if (message instanceof OpUpdate update) {
                update(update);
            } else if (message instanceof OpDelete delete) {
                delete(delete);
            } else if (message instanceof OpKillCursors kill) {
                kill.cursorIds().forEach(server.cursors()::kill);
            } else {
                // OP_REPLY is no request.
                peer.close();
            }
        } catch (CommandErrorException why) {
            if (request.message().hasReply()) {
                fail(request, why, OpReply.QUERY_FAILURE);
            }
        }
    }

    private void fail(Request request, CommandErrorException why, int flags) {
        reply(request, new OpReply(flags, 0, 0, List.of(MongoAnswers.failure(why))));
    }

    private void reply(Request request, OpReply reply) {
        peer.send(request.header().requestId(), reply);
    }

    private void query(Request request, OpQuery query) {
        BsonDocument whole = new RawBsonDocument(query.query().getBytes());
        Buffer inner = QueryWrapper.opened(query.query());
        BsonDocument filter = inner == null ? whole : new RawBsonDocument(inner.getBytes());
        BsonDocument sort = inner == null ? new BsonDocument() : sort(whole);
        if (inner != null) {
            CommandFields.OF_WRAPPER.require("OP_QUERY", whole);
        }
        if ((query.flags() & (OpQuery.EXHAUST | OpQuery.TAILABLE_CURSOR)) != 0
                || query.returnFieldsSelector() != null) {
            throw MongoErrorCode.NOT_IMPLEMENTED.with("exhaust, tailable cursors, selected fields: not implemented");
        }
        int number = query.numberToReturn();
        // One document is asked for by 1, too: a cursor for it was never kept.
        boolean single = number < 0 || number == 1;
        DocumentCursor cursor = server.commands()
                .reads()
                .cursor(query.fullCollectionName(), filter, sort)
                .skip(query.numberToSkip());
        long most = Math.abs((long) number);
        List<Buffer> batch = batch(cursor, most == 0 ? ReadCommands.FIRST_BATCH : most);
        long id = single ? 0 : server.cursors().keep(peer, cursor);
        reply(request, new OpReply(OpReply.AWAIT_CAPABLE, id, 0, batch));
    }

    private static BsonDocument sort(BsonDocument wrapper) {
        return CommandRequest.document(wrapper, wrapper.containsKey("$orderby") ? "$orderby" : "orderby");
    }

    private void getMore(Request request, OpGetMore getMore) {
        OpenCursor open = server.cursors().find(getMore.cursorId(), getMore.fullCollectionName());
        // Those that are tailed belong to commands.
        if (open == null || open.documents().isTailable()) {
            reply(request, new OpReply(OpReply.CURSOR_NOT_FOUND, 0, 0, List.of()));
            return;
        }
        DocumentCursor cursor = open.documents();
        int startingFrom = (int) cursor.given();
        long most = Math.abs((long) getMore.numberToReturn());
        List<Buffer> batch = batch(cursor, most == 0 ? Integer.MAX_VALUE : most);
        boolean over = cursor.isExhausted() || getMore.numberToReturn() < 0;
        if (over) {
            server.cursors().kill(getMore.cursorId());
        }
        reply(request, new OpReply(OpReply.AWAIT_CAPABLE, over ? 0 : getMore.cursorId(), startingFrom, batch));
    }

    /** As many as an OP_REPLY may have, too. */
    private List<Buffer> batch(DocumentCursor cursor, long most) {
        return cursor.batch(
                (int) Math.min(most, MAX_DOCUMENTS), server.options().batchBytes());
    }

    private void insert(OpInsert insert) {
        StoredCollection into = server.store().created(insert.fullCollectionName());
        boolean goesOn = (insert.flags() & OpInsert.CONTINUE_ON_ERROR) != 0;
        for (Buffer document : insert.documents()) {
            try {
                into.insert(document);
            } catch (CommandErrorException why) {
                if (!goesOn) {
                    return;
                }
            }
        }
    }

    private void update(OpUpdate update) {
        server.commands()
                .writes()
                .updated(
                        update.fullCollectionName(),
                        new RawBsonDocument(update.selector().getBytes()),
                        new RawBsonDocument(update.update().getBytes()),
                        (update.flags() & OpUpdate.MULTI_UPDATE) != 0,
                        (update.flags() & OpUpdate.UPSERT) != 0);
    }

    private void delete(OpDelete delete) {
        Buffer inner = QueryWrapper.opened(delete.selector());
        DocumentFilter filter =
                DocumentFilter.of(new RawBsonDocument((inner == null ? delete.selector() : inner).getBytes()));
        boolean single = (delete.flags() & OpDelete.SINGLE_REMOVE) != 0;
        server.store().collection(delete.fullCollectionName()).delete(filter, single ? 1 : 0);
    }
}
