package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.DocumentSequence;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.QueryWrapper;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** One command with its arguments: in an OP_MSG with document sequences or without, or in an OP_QUERY. */
final class CommandRequest {

    private final String database;
    private final BsonDocument command;
    private final List<DocumentSequence> sequences;

    private CommandRequest(String database, BsonDocument command, List<DocumentSequence> sequences) {
        this.database = database;
        this.command = command;
        this.sequences = sequences;
    }

    /** @param request is OP_MSG or OP_QUERY */
    static CommandRequest of(MongoServerMachine.Request request) {
        if (request.message() instanceof OpQuery query) {
            if (QueryWrapper.opened(query.query()) != null) {
                CommandFields.OF_WRAPPER.require(
                        "OP_QUERY", new RawBsonDocument(query.query().getBytes()));
            }
            String namespace = query.fullCollectionName();
            int dot = namespace.indexOf('.');
            return new CommandRequest(
                    dot < 0 ? namespace : namespace.substring(0, dot),
                    new RawBsonDocument(request.command().getBytes()),
                    List.of());
        }
        OpMsg message = (OpMsg) request.message();
        BsonDocument command = new RawBsonDocument(message.body().getBytes());
        BsonValue database = command.get("$db");
        return new CommandRequest(
                database != null && database.isString() ? database.asString().getValue() : "",
                command,
                message.sequences());
    }

    /** Empty: the command has no name. */
    String name() {
        return command.isEmpty() ? "" : command.getFirstKey();
    }

    String database() {
        return database;
    }

    /** Each field, those beside the command as an array without values. */
    void forEach(BiConsumer<String, BsonValue> fields) {
        command.forEach(fields);
        sequences.forEach(each -> fields.accept(each.identifier(), new BsonArray()));
    }

    /** The collection that the command names in its first field, or in another. */
    String namespace(String field) {
        BsonValue collection = command.get(field);
        if (collection == null
                || !collection.isString()
                || collection.asString().getValue().isEmpty()) {
            throw MongoErrorCode.INVALID_NAMESPACE.with("Invalid namespace specified");
        }
        return database + "." + collection.asString().getValue();
    }

    String namespace() {
        return namespace(name());
    }

    BsonDocument document(String field) {
        return document(command, field);
    }

    static BsonDocument document(BsonDocument of, String field) {
        BsonValue value = of.get(field);
        if (value == null || value.isNull()) {
            return new BsonDocument();
        }
        if (!value.isDocument()) {
            throw wrongType(field);
        }
        return value.asDocument();
    }

    long number(String field, long otherwise) {
        return number(command, field, otherwise);
    }

    static long number(BsonDocument of, String field, long otherwise) {
        BsonValue value = of.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw wrongType(field);
        }
        return value.asNumber().longValue();
    }

    boolean flag(String field, boolean otherwise) {
        return flag(command, field, otherwise);
    }

    /** Numbers are flags, too. */
    static boolean flag(BsonDocument of, String field, boolean otherwise) {
        BsonValue value = of.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        return value.isBoolean() ? value.asBoolean().getValue() : number(of, field, 0) != 0;
    }

    /** How long a sleep is: the sum of its seconds and milliseconds, ten seconds when there are none. */
    long sleepMillis() {
        if (command.containsKey("secs") && command.containsKey("seconds")) {
            throw MongoErrorCode.SLEEP_SECONDS.with("Only one of 'secs' and 'seconds' may be specified");
        }
        boolean said = Stream.of("secs", "seconds", "millis").anyMatch(command::containsKey);
        long seconds = number("secs", 0) + number("seconds", 0);
        return said ? seconds * 1_000 + number("millis", 0) : 10_000;
    }

    /** The values of an array; none when there is no such field. */
    List<BsonValue> values(String field) {
        BsonValue value = command.get(field);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrongType(field);
        }
        return value.asArray().getValues();
    }

    /** The documents of a write, in an array or beside the command. */
    List<Buffer> documents(String field) {
        for (DocumentSequence sequence : sequences) {
            if (sequence.identifier().equals(field)) {
                return sequence.documents();
            }
        }
        List<Buffer> documents = new ArrayList<>();
        for (BsonValue value : values(field)) {
            if (!value.isDocument()) {
                throw wrongType(field);
            }
            documents.add(MongoAnswers.bytes(value.asDocument()));
        }
        return documents;
    }

    static RuntimeException wrongType(String field) {
        return MongoErrorCode.TYPE_MISMATCH.with("BSON field '" + field + "' is of the wrong type");
    }
}
