package dev.polywire.core.wire;

import static dev.polywire.core.wire.LengthPrefix.Counts.FOLLOWING;
import static dev.polywire.core.wire.LengthPrefix.Counts.FRAME;

import dev.polywire.core.wire.ProtocolException.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** The three ways our protocols keep a length, and frames of each written by hand, not by the code under test. */
enum Layouts {
    /** Framed messages, EventStore. */
    BIG_ENDIAN_FOLLOWING(new LengthPrefix(0, false, FOLLOWING, 0, 0, Kind.LIMIT)) {
        @Override
        Buffer frame(Buffer payload) {
            return Buffer.buffer().appendInt(payload.length()).appendBuffer(payload);
        }
    },
    /** MongoDB: the length counts its own four bytes and twelve more of the header. */
    LITTLE_ENDIAN_FRAME(new LengthPrefix(0, true, FRAME, 16, 0, Kind.FRAMING)) {
        @Override
        Buffer frame(Buffer payload) {
            return Buffer.buffer()
                    .appendIntLE(16 + payload.length())
                    .appendBytes(new byte[12])
                    .appendBuffer(payload);
        }
    },
    /** AMQP: type and channel before the length, 0xCE behind the payload. */
    OFFSET_AND_TRAILER(new LengthPrefix(3, false, FOLLOWING, 0, 1, Kind.FRAMING)) {
        @Override
        Buffer frame(Buffer payload) {
            return Buffer.buffer(new byte[] {1, 0, 7})
                    .appendInt(payload.length())
                    .appendBuffer(payload)
                    .appendByte((byte) 0xce);
        }
    };

    final LengthPrefix prefix;

    Layouts(LengthPrefix prefix) {
        this.prefix = prefix;
    }

    abstract Buffer frame(Buffer payload);

    /** Frames with payloads of these sizes, of distinct bytes. */
    List<Buffer> frames(int... payloadBytes) {
        List<Buffer> frames = new ArrayList<>();
        for (int size : payloadBytes) {
            Buffer payload = Buffer.buffer();
            for (int i = 0; i < size; i++) {
                payload.appendByte((byte) (31 * frames.size() + i));
            }
            frames.add(frame(payload));
        }
        return frames;
    }

    static Buffer joined(List<Buffer> pieces) {
        Buffer all = Buffer.buffer();
        pieces.forEach(all::appendBuffer);
        return all;
    }

    /** What comes out when {@code reads} go in, each frame taken as soon as it is there. */
    List<Buffer> cut(List<Buffer> reads, int limitBytes) {
        FrameAccumulator accumulator = new FrameAccumulator(prefix, limitBytes);
        List<Buffer> frames = new ArrayList<>();
        for (Buffer read : reads) {
            accumulator.append(read);
            for (Buffer frame = accumulator.nextFrame(); frame != null; frame = accumulator.nextFrame()) {
                frames.add(frame);
            }
        }
        return frames;
    }
}
