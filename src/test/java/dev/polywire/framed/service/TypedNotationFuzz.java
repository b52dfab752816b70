package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.CborCodec;
import dev.polywire.framed.wire.CborFuzz;
import dev.polywire.framed.wire.PayloadCodec;
import dev.polywire.framed.wire.Payloads;
import dev.polywire.framed.wire.PickleCodec;
import dev.polywire.framed.wire.PickleFuzz;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.stream.Stream;

/**
 * A payload of a peer as typed JSON: DECODE, or text that another node can read and send back as the same value. The first
 * byte chooses the codec.
 */
public final class TypedNotationFuzz implements FuzzTarget {

    private static final PayloadCodec CBOR = new CborCodec(Payloads.MAX_VALUE_BYTES);
    private static final PayloadCodec PICKLE = new PickleCodec(Payloads.MAX_VALUE_BYTES);

    @Override
    public String name() {
        return "typed-notation";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                CborFuzz.items().map(item -> seed(0, item)),
                PickleFuzz.pickles().map(pickle -> seed(1, pickle)));
    }

    private static Buffer seed(int codec, Buffer payload) {
        return Buffer.buffer().appendByte((byte) codec).appendBuffer(payload);
    }

    @Override
    public void run(Buffer input) {
        PayloadCodec codec = (input.getByte(0) & 1) == 0 ? CBOR : PICKLE;
        Object plain;
        Object json;
        try {
            plain = codec.decode(input.getBuffer(1, input.length()));
            json = Notation.TYPED.toJson(plain);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE, ProtocolException.Kind.LIMIT);
            return;
        }
        Object elsewhere = Json.decodeValue(Json.encodeToBuffer(json));
        assertEquals(codec.encode(plain), codec.encode(Notation.TYPED.toPlain(elsewhere)));
    }
}
