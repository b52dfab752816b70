package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
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
        this.login = server.login();
        this.awaited = new AwaitedHello(server, peer, this::hello);
        this.legacy = new LegacyRequests(server, peer);
    }

    void request(Request request) {
        boolean command =
                request.message() instanceof OpMsg || request.message() instanceof OpQuery query && query.isCommand();
        if (!command) {
            legacy.request(request, isKnown());
        } else {
            Buffer answer = answered(request);
            if (answer != null) {
                reply(request, answer);
            }
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

    /** Null: the answer comes later. */
    private @Nullable Buffer answered(Request request) {
        try {
            return ScriptedHello.isHello(request) ? greeted(request) : answer(request);
        } catch (CommandErrorException why) {
            return MongoAnswers.refused(why);
        } catch (BSONException wrongType) {
            return MongoAnswers.refused(MongoErrorCode.TYPE_MISMATCH.with("a field is of the wrong type"));
        }
    }

    private Buffer answer(Request request) {
        if (ScriptedLogin.isLogin(request.command())) {
            // Nobody is known to a server without a user.
            return login == null ? ScriptedLogin.REFUSED : login.answered(request.command());
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

    private @Nullable Buffer greeted(Request request) {
        BsonDocument asked = new RawBsonDocument(request.command().getBytes());
        requireTypes(asked);
        if (asked.containsKey("compression")) {
            compression = peer.negotiate(HelloCommand.compression(request.command()));
        }
        return awaited.takes(request, asked) ? null : hello(request.command());
    }

    /** Whatever is answered later can be answered. */
    private static void requireTypes(BsonDocument hello) {
        CommandRequest.flag(hello, "helloOk", false);
        if (hello.containsKey("saslSupportedMechs") && !hello.isString("saslSupportedMechs")) {
            throw CommandRequest.wrongType("saslSupportedMechs");
        }
        if (hello.containsKey("speculativeAuthenticate")
                && CommandRequest.document(hello, "speculativeAuthenticate").isEmpty()) {
            throw MongoErrorCode.BAD_VALUE.with("speculativeAuthenticate: empty (expected: a command)");
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
