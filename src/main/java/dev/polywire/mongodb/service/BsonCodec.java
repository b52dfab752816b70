package dev.polywire.mongodb.service;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonBounds;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.BsonOut;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;

/**
 * Translates values of an application to BSON documents and back. There are {@link #RAW}, {@link ExtendedJson#RELAXED},
 * {@link ExtendedJson#CANONICAL}, and {@link #of(Codec)} for any codec of the library {@code org.bson}.
 *
 * <p>A codec of JSON objects can be passed to {@link MongoVerticle}: its service then has that JSON instead of Extended JSON.
 * With a codec of other values an application uses the connector's raw door, whose bodies are BSON. A codec must be
 * thread-safe when several verticles or threads share it.
 *
 * @param <T> the application's values
 */
public interface BsonCodec<T> {

    /** BSON as it is; only checked. */
    BsonCodec<Buffer> RAW = of(BsonCodec::checked, BsonCodec::checked);

    /**
     * The document for {@code value}, which it must not change. Fields must keep their order, because a command's name is its
     * first field.
     *
     * @return a whole document; not changed afterwards. A connector checks it before it is sent
     * @throws IllegalArgumentException when the value cannot be represented; the message reaches the caller
     * @throws ProtocolException the same
     */
    Buffer encode(T value);

    /**
     * The value of a document, which it must not change. The codecs here check the document first, so for those it may come
     * from anywhere; a connector gives only checked ones.
     *
     * @throws ProtocolException DECODE
     */
    T decode(Buffer document);

    /** A codec that consists of two functions. */
    static <T> BsonCodec<T> of(Function<T, Buffer> encode, Function<Buffer, T> decode) {
        return new BsonCodec<>() {
            @Override
            public Buffer encode(T value) {
                return encode.apply(value);
            }

            @Override
            public T decode(Buffer document) {
                return decode.apply(document);
            }
        };
    }

    /** A codec of the library. What it writes must be a document; its own exceptions are passed on. */
    static <T> BsonCodec<T> of(Codec<T> codec) {
        EncoderContext encoding = EncoderContext.builder().build();
        DecoderContext decoding = DecoderContext.builder().build();
        return of(
                value -> checked(BsonOut.written(out -> codec.encode(out, value, encoding))),
                document -> codec.decode(BsonFields.reader(checked(document)), decoding));
    }

    private static Buffer checked(Buffer document) {
        BsonBounds.check(document);
        return document;
    }
}
