package dev.polywire.mongodb.service;

import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import dev.polywire.mongodb.wire.DocumentSequence;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpDelete;
import dev.polywire.mongodb.wire.OpGetMore;
import dev.polywire.mongodb.wire.OpInsert;
import dev.polywire.mongodb.wire.OpKillCursors;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpUpdate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request of any kind from JSON, strictly. What {@link MessageToJson} writes is read as the same message, but for
 * OP_REPLY, which is no request. Flags and numbers may be absent, and are 0 then.
 */
final class JsonToMessage {

    /**
     * What was read.
     *
     * @param message the request
     * @param compressor the name of the one that it must go with; null: as the connection does
     */
    record SendableMessage(MongoMessage message, @Nullable String compressor) {}

    static final String COMPRESSED = "OP_COMPRESSED";

    private static final String REPLY = "OP_REPLY";
    private static final String OP_CODE = "opCode";
    private static final String NAMESPACE = "fullCollectionName";
    private static final String FLAGS = "flags";
    private static final String DOCUMENTS = "documents";
    private static final String SELECTOR = "selector";

    private static final List<String> PLAIN =
            List.of("OP_MSG", "OP_QUERY", "OP_GET_MORE", "OP_INSERT", "OP_UPDATE", "OP_DELETE", "OP_KILL_CURSORS");
    private static final List<String> ALL =
            Stream.concat(PLAIN.stream(), Stream.of(COMPRESSED)).toList();

    private final Function<JsonObject, Buffer> documents;

    /** @param documents makes BSON of a document */
    JsonToMessage(Function<JsonObject, Buffer> documents) {
        this.documents = documents;
    }

    /** @throws dev.polywire.core.json.FieldException that names the field */
    SendableMessage read(Fields json) {
        if (!COMPRESSED.equals(json.text(OP_CODE))) {
            return new SendableMessage(plain(json, ALL), null);
        }
        String compressor = json.text("compressor");
        SendableMessage whole = new SendableMessage(plain(json.object("message"), PLAIN), compressor);
        json.done();
        return whole;
    }

    private MongoMessage plain(Fields json, List<String> expected) {
        String opCode = json.text(OP_CODE);
        try {
            MongoMessage message = switch (opCode) {
                case "OP_MSG" -> command(json);
                case "OP_QUERY" -> query(json);
                case "OP_GET_MORE" ->
                    new OpGetMore(namespace(json), int32(json, "numberToReturn"), int64(json, "cursorID"));
                case "OP_INSERT" ->
                    new OpInsert(FlagNames.OP_INSERT.read(json, FLAGS), namespace(json), documents(json, DOCUMENTS));
                case "OP_UPDATE" ->
                    new OpUpdate(
                            namespace(json),
                            FlagNames.OP_UPDATE.read(json, FLAGS),
                            document(json, SELECTOR),
                            document(json, "update"));
                case "OP_DELETE" ->
                    new OpDelete(namespace(json), FlagNames.OP_DELETE.read(json, FLAGS), document(json, SELECTOR));
                case "OP_KILL_CURSORS" -> new OpKillCursors(list(json, "cursorIDs", JsonToMessage::int64));
                default ->
                    throw json.complaint(
                            OP_CODE,
                            (REPLY.equals(opCode) ? "an answer" : "unknown") + " (expected: one of " + expected + ")");
            };
            json.done();
            return message;
        } catch (ProtocolException unfit) {
            String[] parts = String.valueOf(unfit.getMessage()).split(": ", 2);
            throw json.complaint(parts[0], parts[parts.length - 1]);
        }
    }

    private OpMsg command(Fields json) {
        int flagBits = FlagNames.OP_MSG.read(json, "flagBits");
        Buffer body = document(json, "body");
        List<DocumentSequence> sequences = new ArrayList<>();
        for (Fields each : json.objects("sequences")) {
            sequences.add(new DocumentSequence(cstring(each, "identifier"), documents(each, DOCUMENTS)));
            each.done();
        }
        return new OpMsg(flagBits, body, sequences);
    }

    private OpQuery query(Fields json) {
        return new OpQuery(
                FlagNames.OP_QUERY.read(json, FLAGS),
                namespace(json),
                int32(json, "numberToSkip"),
                int32(json, "numberToReturn"),
                document(json, "query"),
                json.has("returnFieldsSelector") ? document(json, "returnFieldsSelector") : null);
    }

    private static String namespace(Fields json) {
        String name = cstring(json, NAMESPACE);
        int dot = name.indexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            throw json.complaint(NAMESPACE, "no dot inside (expected: database, dot, collection)");
        }
        return name;
    }

    private static String cstring(Fields json, String name) {
        String text = json.text(name);
        if (text.indexOf('\0') >= 0 || !Utf8.isUnicode(text)) {
            throw json.complaint(name, "no text (expected: Unicode without NUL)");
        }
        return text;
    }

    private static int int32(Fields json, String name) {
        return json.int32(name, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static Long int64(Fields json, String name) {
        return int64(json, name, json.valueOrNull(name));
    }

    private static Long int64(Fields json, String at, @Nullable Object value) {
        Object digits = value instanceof JsonObject wrapper
                        && wrapper.size() == 1
                        && wrapper.getValue("$numberLong") instanceof String text
                ? text
                : value;
        Long number = TypedValues.int64(digits);
        if (number == null) {
            throw json.complaint(
                    at,
                    (value == null ? "missing" : Fields.kind(value))
                            + " (expected: an integer of 64 bits, its digits as a string, or $numberLong with them)");
        }
        return number;
    }

    private Buffer document(Fields json, String name) {
        return document(json, name, json.valueOrNull(name));
    }

    private Buffer document(Fields json, String at, @Nullable Object value) {
        if (!(value instanceof JsonObject document)) {
            throw json.complaint(at, (value == null ? "missing" : Fields.kind(value)) + " (expected: a document)");
        }
        try {
            return documents.apply(document);
        } catch (ProtocolException bad) {
            throw json.complaint(at, String.valueOf(bad.getMessage()));
        }
    }

    private List<Buffer> documents(Fields json, String name) {
        return list(json, name, this::document);
    }

    /** Reads one element. */
    private interface ListElement<T> {
        T read(Fields json, String at, @Nullable Object value);
    }

    private static <T> List<T> list(Fields json, String name, ListElement<T> element) {
        Object value = json.valueOrNull(name);
        if (!(value instanceof JsonArray array)) {
            throw json.complaint(name, (value == null ? "missing" : Fields.kind(value)) + " (expected: a list)");
        }
        List<T> all = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            all.add(element.read(json, name + "[" + i + "]", array.getValue(i)));
        }
        return all;
    }
}
