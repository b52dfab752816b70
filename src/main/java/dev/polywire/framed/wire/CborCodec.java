package dev.polywire.framed.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * CBOR (RFC 8949) by Jackson: needs {@code jackson-dataformat-cbor}. Keys of maps are text or integers; tag 258 is a set,
 * tags 2 and 3 are integers, {@code undefined} reads as null.
 */
public final class CborCodec implements PayloadCodec {

    /** Levels of containers that a payload may have: what JSON can still carry. */
    static final int MAX_DEPTH = 990;

    // A stranger's keys are kept in no table that outlives their payload; negative big numbers are as the RFC has them.
    private final CBORFactory factory = CBORFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(CBORParser.Feature.READ_SIMPLE_VALUE_AS_EMBEDDED_OBJECT)
            .enable(CBORParser.Feature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .enable(CBORGenerator.Feature.ENCODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final long maxValueBytes;

    /** @param maxValueBytes of memory that the values of one payload may take, by estimate */
    public CborCodec(long maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    @Override
    public @Nullable Object decode(Buffer payload) {
        byte[] bytes = payload.getBytes();
        try (CBORParser parser = factory.createParser(bytes)) {
            return new CborReader(parser, bytes, new ValueBudget(maxValueBytes)).read();
        } catch (ProtocolException bad) {
            throw ProtocolException.of(bad.kind(), "cbor: " + bad.getMessage());
        } catch (StreamConstraintsException over) {
            throw ProtocolException.decode("cbor: over a limit (expected: at most " + MAX_DEPTH + " levels)");
        } catch (IOException malformed) {
            throw ProtocolException.decode("cbor: malformed (expected: RFC 8949, one item)");
        }
    }

    @Override
    public Buffer encode(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CBORGenerator generator = factory.createGenerator(out)) {
            new CborWriter(generator).write(value);
        } catch (StreamConstraintsException over) {
            throw new IllegalArgumentException("deeper than " + MAX_DEPTH + " levels");
        } catch (IOException unfit) {
            throw new IllegalArgumentException("cannot be written as CBOR");
        }
        return Buffer.buffer(out.toByteArray());
    }
}
