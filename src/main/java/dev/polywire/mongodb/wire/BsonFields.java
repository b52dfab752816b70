package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.bson.ByteBufNIO;
import org.bson.io.ByteBufferBsonInput;

/** A look into documents that have passed {@link BsonBounds#check}. */
public final class BsonFields {

    private BsonFields() {}

    /** A reader over a copy of {@code checked}, before its first field. */
    public static BsonBinaryReader reader(Buffer checked) {
        return new BsonBinaryReader(new ByteBufferBsonInput(new ByteBufNIO(ByteBuffer.wrap(checked.getBytes()))));
    }

    /**
     * The name of the first field, which in a command is the command's name; empty in an empty document. Safe on any
     * bytes, so that what a caller sends can be named without checking all of it.
     */
    public static String firstName(Buffer document) {
        int start = 5; // int32 length, type
        int zero = start;
        while (zero < document.length() && document.getByte(zero) != 0) {
            zero++;
        }
        return zero >= document.length() ? "" : document.getString(start, zero);
    }

    /** Whether the document itself, not one inside it, has this field. */
    static boolean has(Buffer checked, String name) {
        try (BsonBinaryReader in = reader(checked)) {
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (in.readName().equals(name)) {
                    return true;
                }
                in.skipValue();
            }
            return false;
        }
    }

    /** The document that the reader stands before, as its own bytes. */
    static Buffer document(Buffer checked, BsonBinaryReader in) {
        int start = in.getBsonInput().getPosition();
        in.skipValue();
        return checked.getBuffer(start, in.getBsonInput().getPosition());
    }
}
