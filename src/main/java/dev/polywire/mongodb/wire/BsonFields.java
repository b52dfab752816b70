package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.bson.BsonBinaryReader;
import org.bson.ByteBufNIO;
import org.bson.io.ByteBufferBsonInput;

/** Reads single fields of documents that have passed {@link BsonBounds#check}. */
public final class BsonFields {

    private BsonFields() {}

    /** A reader over a copy of {@code checked}, before its first field. */
    public static BsonBinaryReader reader(Buffer checked) {
        return new BsonBinaryReader(new ByteBufferBsonInput(new ByteBufNIO(ByteBuffer.wrap(checked.getBytes()))));
    }

    /**
     * The name of the first field, which in a command is the command's name; empty in an empty document. Safe on any bytes,
     * so that a caller's command can be named without a full check.
     */
    public static String firstName(Buffer document) {
        int start = 5; // int32 length, type
        int zero = start;
        while (zero < document.length() && document.getByte(zero) != 0) {
            zero++;
        }
        if (zero >= document.length()) {
            return "";
        }
        String known = CommandNames.known(document, start, zero);
        return known == null ? document.getString(start, zero) : known;
    }

    /** The string of this name in the document itself; empty when there is none. */
    public static String text(Buffer checked, String name) {
        BsonElements elements = new BsonElements(checked, 0);
        while (elements.next()) {
            if (elements.type() == BsonElements.STRING && elements.is(name)) {
                return elements.text();
            }
        }
        return "";
    }

    /** Whether a reply's value counts as true: true, and any number but 0. */
    static boolean isTrue(BsonBinaryReader in) {
        return switch (in.getCurrentBsonType()) {
            case BOOLEAN -> in.readBoolean();
            case INT32 -> in.readInt32() != 0;
            case INT64 -> in.readInt64() != 0;
            case DOUBLE -> in.readDouble() != 0;
            default -> {
                in.skipValue();
                yield false;
            }
        };
    }

    /** Whether the document itself, not one inside it, has this field. */
    public static boolean has(Buffer checked, String name) {
        BsonElements elements = new BsonElements(checked, 0);
        while (elements.next()) {
            if (elements.is(name)) {
                return true;
            }
        }
        return false;
    }

    /** How many values a document has, itself and those in it counted. */
    public static int values(Buffer checked) {
        return values(checked, 0);
    }

    private static int values(Buffer checked, int at) {
        int values = 1;
        BsonElements elements = new BsonElements(checked, at);
        while (elements.next()) {
            boolean nested = elements.type() == BsonElements.DOCUMENT || elements.type() == BsonElements.ARRAY;
            values += nested ? values(checked, elements.value()) : 1;
        }
        return values;
    }

    /** The document that the reader stands before; shares memory with {@code checked}. */
    static Buffer document(Buffer checked, BsonBinaryReader in) {
        int start = in.getBsonInput().getPosition();
        in.skipValue();
        return checked.slice(start, in.getBsonInput().getPosition());
    }
}
