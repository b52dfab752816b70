package dev.polywire.eventstore.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the payload of one message. */
public final class PayloadWriter {

    /** Beyond what a message expects. */
    private static final int SPARE_BYTES = 64;

    private final @Nullable ProtobufWriter small;
    private @Nullable ProtobufWriter fields;
    private @Nullable Buffer payload;

    PayloadWriter() {
        this(null);
    }

    /** @param small writes a payload that {@link TcpPackage#isSmall}; null: each has memory of its own */
    PayloadWriter(@Nullable ProtobufWriter small) {
        this.small = small;
    }

    void payload(Buffer payload) {
        this.payload = payload;
    }

    void text(String text) {
        payload = Buffer.buffer(Utf8.encoded("text", text));
    }

    void message(MessageLite.Builder message) {
        payload = Buffer.buffer(message.build().toByteArray());
    }

    /** The fields of the payload, one by one. @param expectedBytes a guess of the size */
    ProtobufWriter fields(int expectedBytes) {
        ProtobufWriter chosen = small != null && TcpPackage.isSmall(expectedBytes)
                ? small
                : new ProtobufWriter(expectedBytes + SPARE_BYTES);
        fields = chosen;
        return chosen;
    }

    /** Whether the payload was written by the writer of small ones. */
    boolean isSmall() {
        return fields != null && fields == small;
    }

    Buffer payload() {
        if (fields != null) {
            return fields.written();
        }
        return payload == null ? Buffer.buffer() : payload;
    }

    /**
     * A text of the message.
     *
     * @param name of the field, in the protocol
     * @throws IllegalArgumentException when it has no UTF-8
     */
    static ByteString text(String name, String text) {
        return UnsafeByteOperations.unsafeWrap(Utf8.encoded(name, text));
    }

    static List<ByteString> texts(String name, List<String> all) {
        return all.stream().map(text -> text(name, text)).toList();
    }

    static ByteString bytes(Buffer bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.getBytes());
    }

    static List<ByteString> bytes(List<Buffer> all) {
        return all.stream().map(PayloadWriter::bytes).toList();
    }
}
