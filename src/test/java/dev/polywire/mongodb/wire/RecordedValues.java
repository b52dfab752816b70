package dev.polywire.mongodb.wire;

import java.nio.charset.StandardCharsets;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.ObjectId;

/** Reads a value in the recordings' words. */
final class RecordedValues {

    private final String words;
    private int at;

    RecordedValues(String words) {
        this.words = words;
    }

    BsonValue read() {
        if (skip("{")) {
            return fields();
        }
        if (skip("[")) {
            return elements();
        }
        if (skip("\"")) {
            return new BsonString(until("\""));
        }
        if (skip("bin0(b'")) {
            return new BsonBinary(until("')").getBytes(StandardCharsets.US_ASCII));
        }
        if (skip("ObjectId('")) {
            return new BsonObjectId(new ObjectId(until("')")));
        }
        return number();
    }

    private BsonValue number() {
        if (skip("<now>")) {
            return new BsonDateTime(0);
        }
        if (skip("true")) {
            return BsonBoolean.TRUE;
        }
        if (skip("false")) {
            return BsonBoolean.FALSE;
        }
        if (skip("long ")) {
            return new BsonInt64(Long.parseLong(digits()));
        }
        return skip("double ")
                ? new BsonDouble(Double.parseDouble(digits()))
                : new BsonInt32(Integer.parseInt(digits()));
    }

    private BsonDocument fields() {
        BsonDocument fields = new BsonDocument();
        while (!skip("}")) {
            String name = until(": ");
            fields.append(name, read());
            skip(", ");
        }
        return fields;
    }

    private BsonArray elements() {
        BsonArray elements = new BsonArray();
        while (!skip("]")) {
            elements.add(read());
            skip(", ");
        }
        return elements;
    }

    private boolean skip(String expected) {
        boolean here = words.startsWith(expected, at);
        at += here ? expected.length() : 0;
        return here;
    }

    private String until(String end) {
        int stop = words.indexOf(end, at);
        String text = words.substring(at, stop);
        at = stop + end.length();
        return text;
    }

    private String digits() {
        int start = at;
        while ("-.0123456789".indexOf(words.charAt(at)) >= 0) {
            at++;
        }
        return words.substring(start, at);
    }
}
