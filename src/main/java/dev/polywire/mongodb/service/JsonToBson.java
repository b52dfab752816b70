package dev.polywire.mongodb.service;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.bson.BsonBinaryWriter;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/** Walks JSON and writes it as one document; see {@link ExtendedJson}. */
final class JsonToBson {

    private static final BsonValueCodec TYPED_VALUES = new BsonValueCodec();
    private static final EncoderContext PLAIN = EncoderContext.builder().build();

    /** Most commands are shorter; the library's own first size is four times this. */
    private static final int FIRST_BYTES = 256;

    private final BasicOutputBuffer bytes = new BasicOutputBuffer(FIRST_BYTES);
    private final BsonBinaryWriter out = new BsonBinaryWriter(bytes);
    private final DocumentPath path = new DocumentPath();
    private int depth;

    void start() {
        deeper();
        out.writeStartDocument();
    }

    void field(String key, @Nullable Object value) {
        path.enter(key);
        if (depth == 1 && TypeWrapper.isKey(key)) {
            throw path.malformed("a typed value (expected: a document)");
        }
        TypeWrapper.requireCstring(key, path);
        out.writeName(key);
        value(value);
        path.leave();
    }

    Buffer finish() {
        out.writeEndDocument();
        out.close();
        return Buffer.buffer(bytes.toByteArray());
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            TypeWrapper.requireUnicode(text, path);
            out.writeString(text);
        } else if (value instanceof JsonObject object) {
            object(object);
        } else if (value instanceof JsonArray array) {
            array(array);
        } else if (value instanceof Boolean bool) {
            out.writeBoolean(bool);
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            integer(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            out.writeDouble(((Number) value).doubleValue());
        } else {
            throw path.malformed(
                    value.getClass().getSimpleName() + " (expected: a JSON value, integers within 64 bits)");
        }
    }

    // JSON does not distinguish the two widths, and a parser may have chosen either: the value decides.
    private void integer(long value) {
        if (value == (int) value) {
            out.writeInt32((int) value);
        } else {
            out.writeInt64(value);
        }
    }

    private void object(JsonObject object) {
        if (!TypeWrapper.isTyped(object)) {
            document(object);
        } else if (object.containsKey("$scope")) {
            codeWithScope(object);
        } else {
            TYPED_VALUES.encode(out, TypeWrapper.read(object, path), PLAIN);
        }
    }

    private void codeWithScope(JsonObject object) {
        if (object.size() != 2
                || !(object.getValue("$code") instanceof String code)
                || !(object.getValue("$scope") instanceof JsonObject scope)
                || TypeWrapper.isTyped(scope)) {
            throw path.malformed("$code with $scope (expected: a string and a document)");
        }
        TypeWrapper.requireUnicode(code, path);
        out.writeJavaScriptWithScope(code);
        path.enter("$scope");
        document(scope);
        path.leave();
    }

    private void document(JsonObject object) {
        deeper();
        out.writeStartDocument();
        for (Map.Entry<String, Object> field : object) {
            field(field.getKey(), field.getValue());
        }
        out.writeEndDocument();
        depth--;
    }

    private void array(JsonArray array) {
        deeper();
        out.writeStartArray();
        int index = 0;
        for (Object element : array) {
            path.enter(index++);
            value(element);
            path.leave();
        }
        out.writeEndArray();
        depth--;
    }

    private void deeper() {
        if (++depth > ExtendedJson.MAX_DEPTH) {
            throw path.malformed("nesting: " + depth + " (expected: <= " + ExtendedJson.MAX_DEPTH + ")");
        }
    }
}
