package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import io.vertx.core.Future;
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
    private final RequestTurns turns;
    private final CursorReading reading;
    private final HeldCommand held;
    private List<String> compression = List.of();

    SmallMongoSession(SmallMongo server, ScriptedPeer peer) {
        this.server = server;
        this.peer = peer;
        this.login = server.login();
        this.awaited = new AwaitedHello(server, peer, this::hello);
        this.legacy = new LegacyRequests(server, peer);
        this.turns = new RequestTurns(peer, server.options().bounds().maxWaitingRequests(), this::begin);
        this.reading = new CursorReading(server, peer, this::reply, turns::done);
        this.held = new HeldCommand(server, peer);
    }

    void request(Request request) {
        turns.add(request);
    }

    /** The client has read something. */
    void written() {
        reading.written();
        turns.goOn();
    }

    /** What it says of itself has changed. */
    void changed() {
        awaited.changed();
    }

    void ended() {
        turns.ended();
        awaited.ended();
        held.release();
        reading.ended();
        server.cursors().ended(peer);
    }

    private boolean isKnown() {
        return login == null || login.isAuthenticated();
    }

    private void begin(Request request) {
        boolean command =
                request.message() instanceof OpMsg || request.message() instanceof OpQuery query && query.isCommand();
        if (!command) {
            legacy.request(request, isKnown());
            turns.done();
        } else if (server.options().delay() == CommandDelay.NONE) {
            answer(request);
        } else {
            delay(request, new RawBsonDocument(request.command().getBytes()));
        }
    }

    private void delay(Request request, BsonDocument command) {
        Future<?> ready = command.isEmpty()
                ? Future.succeededFuture()
                : server.options().delay().before(server.vertx(), command);
        if (ready.succeeded()) {
            answer(request);
            return;
        }
        // That of a getMore is a time to wait.
        boolean limited = !command.getFirstKey().equals("getMore") && command.isNumber("maxTimeMS");
        held.hold(ready, limited ? command.getNumber("maxTimeMS").longValue() : 0, inTime -> {
            if (inTime) {
                answer(request);
            } else {
                done(request, MongoAnswers.refused(timeOver()));
            }
        });
    }

    private static CommandErrorException timeOver() {
        return MongoErrorCode.MAX_TIME_EXPIRED.with("operation exceeded time limit");
    }

    private void answer(Request request) {
        try {
            if (ScriptedHello.isHello(request)) {
                done(request, greeted(request));
            } else if (ScriptedLogin.isLogin(request.command())) {
                // Nobody is known to a server without a user.
                done(request, login == null ? ScriptedLogin.REFUSED : login.answered(request.command()));
            } else {
                run(request, CommandRequest.of(request));
            }
        } catch (CommandErrorException why) {
            done(request, MongoAnswers.refused(why));
        } catch (BSONException wrongType) {
            done(request, MongoAnswers.refused(MongoErrorCode.TYPE_MISMATCH.with("a field is of the wrong type")));
        }
    }

    private void run(Request request, CommandRequest command) {
        if (!isKnown()) {
            throw MongoErrorCode.UNAUTHORIZED.with("Command " + command.name() + " requires authentication");
        }
        if (request.message() instanceof OpQuery && server.options().behaviour().legacy() != LegacySupport.DONE) {
            throw MongoErrorCode.UNSUPPORTED_OP_QUERY_COMMAND.with(
                    "Unsupported OP_QUERY command: " + command.name() + ". The client driver may require an upgrade.");
        }
        if (command.database().isEmpty()) {
            throw MongoErrorCode.MISSING_DATABASE.with("OP_MSG requests require a $db argument");
        }
        MongoCommands.require(command);
        switch (command.name()) {
            case "getMore" -> reading.begin(request, command);
            case "sleep" -> sleep(request, command);
            default -> done(request, server.commands().run(peer, command));
        }
    }

    /** The command for tests of MongoDB; it takes no lock. */
    private void sleep(Request request, CommandRequest command) {
        if (!command.database().equals("admin")) {
            throw MongoErrorCode.UNAUTHORIZED.with("sleep may only be run against the admin database.");
        }
        long millis = Math.min(command.sleepMillis(), server.options().bounds().maxWaitMillis());
        held.hold(
                server.vertx().timer(Math.max(1, millis)),
                command.number("maxTimeMS", 0),
                inTime -> done(request, inTime ? MongoAnswers.OK : MongoAnswers.refused(timeOver())));
    }

    /** @param answer null: it comes later, and the next request does not wait for it */
    private void done(Request request, @Nullable Buffer answer) {
        if (answer != null) {
            reply(request, answer);
        }
        turns.done();
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
