package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.Documents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonReader;
import org.bson.BsonWriter;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.StringCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BsonCodecTest {

    /** An application's type. */
    private record Point(int x, int y) {}

    private static final class PointCodec implements Codec<Point> {

        @Override
        public void encode(BsonWriter out, Point point, EncoderContext with) {
            out.writeStartDocument();
            out.writeInt32("x", point.x());
            out.writeInt32("y", point.y());
            out.writeEndDocument();
        }

        @Override
        public Point decode(BsonReader in, DecoderContext with) {
            in.readStartDocument();
            Point point = new Point(in.readInt32("x"), in.readInt32("y"));
            in.readEndDocument();
            return point;
        }

        @Override
        public Class<Point> getEncoderClass() {
            return Point.class;
        }
    }

    private static final Buffer DOCUMENT = Documents.bson("{x: 3, y: 4}");

    static Stream<Arguments> codecs() {
        return Stream.of(
                Arguments.of(BsonCodec.RAW, DOCUMENT),
                Arguments.of(ExtendedJson.RELAXED, new JsonObject("{\"x\":3,\"y\":4}")),
                Arguments.of(
                        ExtendedJson.CANONICAL,
                        new JsonObject("{\"x\":{\"$numberInt\":\"3\"},\"y\":{\"$numberInt\":\"4\"}}")),
                Arguments.of(BsonCodec.of(new PointCodec()), new Point(3, 4)),
                Arguments.of(BsonCodec.of(new BsonDocumentCodec()), Documents.parsed(DOCUMENT)));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    <T> void bothWays(BsonCodec<T> codec, T value) {
        assertEquals(DOCUMENT, codec.encode(value));
        assertEquals(value, codec.decode(DOCUMENT));
    }

    /** None of them gives the bytes of somebody else to a library unchecked. */
    @ParameterizedTest
    @MethodSource("codecs")
    void bytesAreChecked(BsonCodec<?> codec) {
        for (Buffer bad :
                new Buffer[] {DOCUMENT.getBuffer(0, 12), DOCUMENT.copy().appendByte((byte) 0), Buffer.buffer()}) {
            ProtocolException told = assertThrows(ProtocolException.class, () -> codec.decode(bad));
            assertEquals(ProtocolException.Kind.DECODE, told.kind());
        }
    }

    @Test
    void rawIsTheSameBuffer() {
        assertSame(DOCUMENT, BsonCodec.RAW.encode(DOCUMENT));
        assertSame(DOCUMENT, BsonCodec.RAW.decode(DOCUMENT));
        assertThrows(ProtocolException.class, () -> BsonCodec.RAW.encode(Buffer.buffer("{}")));
    }

    @Test
    void aCodecOfTheLibraryMustWriteADocument() {
        BsonCodec<String> text = BsonCodec.of(new StringCodec());
        assertThrows(BsonInvalidOperationException.class, () -> text.encode("x"));
    }
}
