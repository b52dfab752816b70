package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.ScramHash;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BSONException;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link SmallMongo}: who it is, and how it is answered. */
final class SmallMongoSession {

    private final SmallMongo server;
    private final ScriptedPeer peer;
    private final @Nullable ScriptedLogin login;
    private final AwaitedHello awaited;
    private final LegacyRequests legacy;
    private List<String> compression = List.of();

    SmallMongoSession(SmallMongo server, ScriptedPeer peer) {
        this.server = server;
        this.peer = peer;
        SmallMongoOptions.MongoUser user = server.options().user();
        this.login = user == null
                ? null
                : new ScriptedLogin(
                        user.manner(), user.credential(), user.mechanisms(), () -> ScramHash.nonce(server.random()));
        this.awaited = new AwaitedHello(server, peer, this::hello);
        this.legacy = new LegacyRequests(server, peer);
    }

    void request(Request request) {
        boolean command =
                request.message() instanceof OpMsg || request.message() instanceof OpQuery query && query.isCommand();
        if (!command) {
            legacy.request(request, isKnown());
        } else if (ScriptedHello.isHello(request)) {
            greeted(request);
        } else {
            reply(request, answered(request));
        }
    }

    /** What it says of itself has changed. */
    void changed() {
        awaited.changed();
    }

    void ended() {
        awaited.ended();
        server.cursors().ended(peer);
    }

    private boolean isKnown() {
        return login == null || login.isAuthenticated();
    }

    private Buffer answered(Request request) {
        try {
            return answer(request);
        } catch (BSONException wrongType) {
            return MongoAnswers.refused(MongoErrorCode.TYPE_MISMATCH.with("a field is of the wrong type"));
        }
    }

    private Buffer answer(Request request) {
        Buffer sasl = login == null ? null : login.answer(request.command());
        if (sasl != null) {
            return sasl;
        }
        CommandRequest command = CommandRequest.of(request);
        if (!isKnown()) {
            return MongoAnswers.refused(
                    MongoErrorCode.UNAUTHORIZED.with("Command " + command.name() + " requires authentication"));
        }
        if (request.message() instanceof OpQuery && server.options().behaviour().legacy() != LegacySupport.DONE) {
            return MongoAnswers.refused(MongoErrorCode.UNSUPPORTED_OP_QUERY_COMMAND.with(
                    "Unsupported OP_QUERY command: " + command.name() + ". The client driver may require an upgrade."));
        }
        if (command.database().isEmpty()) {
            return MongoAnswers.refused(MongoErrorCode.MISSING_DATABASE.with("OP_MSG requests require a $db argument"));
        }
        return server.commands().answer(peer, command);
    }

    private void reply(Request request, Buffer document) {
        if (request.message().hasReply() || server.options().behaviour().answersMoreToCome()) {
            peer.reply(request, document);
        }
    }

    private void greeted(Request request) {
        BsonDocument asked = new RawBsonDocument(request.command().getBytes());
        if (asked.containsKey("compression")) {
            compression = peer.negotiate(HelloCommand.compression(request.command()));
        }
        if (!awaited.takes(request, asked)) {
            reply(request, hello(request.command()));
        }
    }

    private Buffer hello(Buffer command) {
        BsonDocument asked = new RawBsonDocument(command.getBytes());
        BsonDocument fields = server.hello()
                .answer(
                        !asked.getFirstKey().equals("hello"),
                        CommandRequest.flag(asked, "helloOk", false),
                        peer.number(),
                        System.currentTimeMillis(),
                        server.changes());
        return MongoAnswers.ok(out -> {
            fields.forEach((name, value) -> MongoAnswers.value(out, name, value));
            if (!compression.isEmpty()) {
                out.writeStartArray("compression");
                compression.forEach(out::writeString);
                out.writeEndArray();
            }
            if (login != null) {
                login.writeTo(out, command);
            }
        });
    }
}
