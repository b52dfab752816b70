package dev.polywire.framed.service;

import dev.polywire.framed.wire.CborCodec;
import dev.polywire.framed.wire.PayloadCodec;
import dev.polywire.framed.wire.PickleCodec;
import dev.polywire.framed.wire.RawCodec;
import dev.polywire.framed.wire.Utf8Codec;

/** The codecs that a configuration can name; docs/framed.md describes their values in JSON. */
public enum FramedCodec {

    /** {@code {bytes}}: any payload, as base64. */
    RAW {
        @Override
        FramedFormat format(long maxValueBytes) {
            return new FramedFormat("bytes", new RawCodec(), Notation.BYTES, name());
        }
    },

    /** {@code {text}}: strict UTF-8. */
    UTF8 {
        @Override
        FramedFormat format(long maxValueBytes) {
            return new FramedFormat("text", new Utf8Codec(), Notation.TEXT, name());
        }
    },

    /** {@code {value}}: one JSON document; {@code null} is a message like any other. */
    JSON {
        @Override
        FramedFormat format(long maxValueBytes) {
            return new FramedFormat("value", new JsonCodec(maxValueBytes), Notation.DOCUMENT, name());
        }
    },

    /** {@code {value}}: one CBOR item. */
    CBOR {
        @Override
        FramedFormat format(long maxValueBytes) {
            return typed(new CborCodec(maxValueBytes));
        }
    },

    /** {@code {value}}: Python's pickle, data only. */
    PICKLE {
        @Override
        FramedFormat format(long maxValueBytes) {
            return typed(new PickleCodec(maxValueBytes));
        }
    };

    /** The JSON form of this codec's payloads. @param maxValueBytes of memory that the values of one may take */
    abstract FramedFormat format(long maxValueBytes);

    FramedFormat typed(PayloadCodec codec) {
        return new FramedFormat("value", codec, Notation.TYPED, name());
    }
}
