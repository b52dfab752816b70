package dev.polywire.mongodb.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MonitorStatus;
import dev.polywire.mongodb.session.PoolStatus;
import dev.polywire.mongodb.wire.BsonBounds;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.CommandDocument;
import dev.polywire.mongodb.wire.CommandKind;
import dev.polywire.mongodb.wire.ConcernDefaults;
import dev.polywire.mongodb.wire.CursorKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers {@link MongoService}: JSON to BSON, one call, BSON to JSON. */
final class MongoEndpoint implements MongoService {

    static final Set<String> RAW_ACTIONS = Set.of("command");

    private static final String MAX_TIME = "maxTime";

    private static final Buffer PING =
            ExtendedJson.encode(new JsonObject().put("ping", 1), "ping", Map.of(CommandDocument.DATABASE, "admin"));

    private static final Set<Character> NOT_IN_DATABASES = Set.of('/', '\\', '.', ' ', '"', '$', '\0');
    private static final int MAX_DATABASE_CHARACTERS = 63;

    private final Connector connector;
    private final MongoClient client;
    private final LongSupplier leastRoundTripMillis;
    private final AnswerMemory memory;
    private final CursorOpening cursors;
    private final CallerRules rules;
    private final MessageDoor messages;
    /** Whether the server says nothing to a command with {@code w: 0}, as MongoDB, and unlike FerretDB. */
    private final boolean moreToCome;
    /** Whether commands get a time limit from us. */
    private final boolean maxTime;
    /** Of commands of {@code command} and {@code open} that have none; those of the raw door get none. */
    private final ConcernDefaults concerns;

    private final @Nullable JsonDialect dialect;

    /**
     * @param dialect the application's own JSON; null: Extended JSON
     */
    MongoEndpoint(
            Vertx vertx, Connector connector, MongoClient client, MongoOptions options, @Nullable JsonDialect dialect) {
        this.rules = options.rules();
        this.concerns = options.concerns();
        this.moreToCome = options.moreToCome();
        this.maxTime = options.maxTime();
        this.connector = connector;
        this.client = client;
        // Upwards: what is left of a millisecond is no time for a command.
        this.leastRoundTripMillis = () -> (client.leastRoundTripMicros() + 999) / 1_000;
        this.memory =
                new AnswerMemory(vertx, "answers at " + connector.options().address(), dialect);
        this.cursors = new CursorOpening(vertx, client, memory);
        this.dialect = dialect;
        this.messages = new MessageDoor(client, rules, memory, moreToCome, dialect);
        connector.count("lateServerAnswers", client::lateAnswers);
        connector.count("cursorsNotKilled", cursors::notKilled);
        connector.describe("pool", () -> pool(client.pool()));
        connector.describe("heartbeat", () -> heartbeat(client.monitor()));
    }

    @Override
    public Future<JsonObject> command(
            String database, String name, JsonObject arguments, @Nullable JsonObject options) {
        Deadline deadline = connector.requests().current().deadline();
        CommandForm form = form(options);
        Buffer command = encode(database, name, arguments);
        rules.permit(database, name, command);
        boolean reads = CommandKind.reads(command);
        MongoCall call = call(command, reads, deadline, form.timed);
        return client.command(call)
                .map(answer -> call.hasReply() ? memory.accepted(answer, form.canonical, reads) : new JsonObject());
    }

    private MongoCall call(Buffer command, boolean reads, Deadline deadline, boolean timed) {
        MongoCall call = new MongoCall(command, reads, deadline, moreToCome);
        if (timed) {
            call.timed(leastRoundTripMillis);
        }
        return call;
    }

    @Override
    public Future<JsonObject> open(String database, String name, JsonObject arguments, @Nullable JsonObject options) {
        Deadline deadline = connector.requests().current().deadline();
        if (!CommandKind.givesCursor(name)) {
            throw Failure.BAD_REQUEST.because(
                    "name: gives no cursor (expected: find, aggregate, listCollections or listIndexes)");
        }
        // No time limit: the server would apply it to the whole cursor, even if the reader pulls late.
        Buffer command = encode(database, name, arguments);
        rules.permit(database, name, command);
        Fields json = Fields.at("options", options);
        CursorOptions reading = CursorOptions.read(json, canonical(json), CursorKind.of(command));
        return connector.streams().open(reading.form(), () -> cursors.open(command, reading, deadline));
    }

    @Override
    public Future<JsonObject> send(JsonObject message, @Nullable JsonObject options) {
        Deadline deadline = connector.requests().current().deadline();
        return messages.send(message, canonical(options), deadline);
    }

    @Override
    public Future<JsonObject> ping() {
        Deadline deadline = connector.requests().current().deadline();
        return client.command(new MongoCall(PING, true, deadline)).map(answer -> memory.accepted(answer, false, true));
    }

    @Override
    public Future<JsonObject> status() {
        return Future.succeededFuture(connector.status());
    }

    private static JsonObject pool(PoolStatus now) {
        return new JsonObject()
                .put("idle", now.idle())
                .put("inUse", now.inUse())
                .put("connecting", now.connecting())
                .put("waiting", now.waiting())
                .put("generation", now.generation())
                .put("dedicated", now.dedicated());
    }

    private static JsonObject heartbeat(MonitorStatus now) {
        JsonObject heartbeat = new JsonObject()
                .put("mode", now.mode().name().toLowerCase(Locale.ROOT))
                .put("leastRoundTripMicros", now.leastRoundTripMicros());
        Long ago = now.lastHelloAgoMillis();
        return ago == null ? heartbeat : heartbeat.put("lastHelloAgoMillis", ago);
    }

    /** The raw door: BSON in, BSON out. */
    Future<RawDoor.Answer> raw(Request<Buffer> request) {
        boolean timed = timed(request.headers().get(MAX_TIME));
        Buffer command = complete(request);
        rules.permit(request.headers().get("database"), BsonFields.firstName(command), command);
        return client.command(call(command, CommandKind.reads(command), request.deadline(), timed))
                .map(RawDoor.Answer::new);
    }

    private boolean timed(@Nullable String header) {
        if (header == null) {
            return maxTime;
        }
        if (!header.equals("true") && !header.equals("false")) {
            throw Failure.BAD_REQUEST.because(MAX_TIME + ": another word (expected: true or false)");
        }
        return header.equals("true");
    }

    private static Buffer complete(Request<Buffer> request) {
        return ofCaller(() -> {
            BsonBounds.check(request.body());
            return CommandDocument.complete(
                    request.body(), database(request.headers().get("database")));
        });
    }

    private Buffer encode(String database, String name, JsonObject arguments) {
        return ofCaller(() -> {
            if (dialect != null) {
                return concerns.addTo(CommandDocument.complete(dialect.command(arguments, name), database(database)));
            }
            return concerns.addTo(
                    ExtendedJson.encode(arguments, name, Map.of(CommandDocument.DATABASE, database(database))));
        });
    }

    /** Input that cannot be converted is a BAD_REQUEST of the caller. */
    private static Buffer ofCaller(Supplier<Buffer> making) {
        try {
            return making.get();
        } catch (ProtocolException bad) {
            throw Failure.BAD_REQUEST.because(bad.getMessage());
        }
    }

    private static String database(@Nullable String name) {
        if (name == null
                || name.isEmpty()
                || name.length() > MAX_DATABASE_CHARACTERS
                || !Utf8.isUnicode(name)
                || name.chars().anyMatch(c -> NOT_IN_DATABASES.contains((char) c))) {
            throw Failure.BAD_REQUEST.because("database: not a name (expected: 1 to " + MAX_DATABASE_CHARACTERS
                    + " characters, none of /\\. \"$)");
        }
        return name;
    }

    /** The options of a command. @param timed whether it gets a time limit from us */
    private record CommandForm(boolean canonical, boolean timed) {}

    private CommandForm form(@Nullable JsonObject options) {
        if (options == null) {
            return new CommandForm(false, maxTime);
        }
        Fields json = Fields.at("options", options);
        CommandForm form = new CommandForm(canonical(json), json.flag(MAX_TIME, maxTime));
        json.done();
        return form;
    }

    private boolean canonical(@Nullable JsonObject options) {
        if (options == null) {
            return false;
        }
        Fields json = Fields.at("options", options);
        boolean canonical = canonical(json);
        json.done();
        return canonical;
    }

    private boolean canonical(Fields options) {
        boolean canonical = options.flag("canonical", false);
        if (canonical && dialect != null) {
            throw options.complaint("canonical", "true (expected: false, this connector's JSON is not Extended JSON)");
        }
        return canonical;
    }
}
