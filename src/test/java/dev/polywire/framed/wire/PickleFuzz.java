package dev.polywire.framed.wire;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Pickle: see {@link Payloads}. */
public final class PickleFuzz implements FuzzTarget {

    private static final PickleCodec CODEC = new PickleCodec(Payloads.MAX_VALUE_BYTES);
    /** A reference is written as all that it refers to, with its marks. */
    private static final PickleCodec GENEROUS = new PickleCodec(4 * Payloads.MAX_VALUE_BYTES);

    @Override
    public String name() {
        return "pickle";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(pickles(), Stream.of(nested(500), nested(501)));
    }

    /** As many lists in each other, around a 1. */
    private static Buffer nested(int levels) {
        return Vectors.bytes("8004" + "5d".repeat(levels) + "4b01" + "61".repeat(levels) + "2e");
    }

    /** Of recorded messages, hostile ones, and opcodes that those do not have. */
    public static Stream<Buffer> pickles() {
        return Stream.of(
                        Payloads.seeds(),
                        HostilePickles.references().map(HostilePickles.Bomb::pickle),
                        Stream.of(
                                        "80048f284b018c0161904e862e",
                                        "80047d94284b018c0161944b014b0286944e752e",
                                        "80045d285d944b01616800652e",
                                        "800271002e",
                                        "80025d71005d71016800614b0161652e",
                                        "80028a09000000000000008000 2e",
                                        "80048b03000000ffff7f2e",
                                        "80049603000000000000006162632e",
                                        "80058e03000000000000006162632e",
                                        "8004473ff80000000000002e",
                                        "80044e72000100006a000100002e",
                                        "80045d946800612e",
                                        "80047d8c01614e732e",
                                        "80042829302e",
                                        "8004636275696c74696e730a6c656e0a2e")
                                .map(Vectors::bytes))
                .flatMap(each -> each);
    }

    @Override
    public void run(Buffer input) {
        Payloads.readAndWrite(CODEC, GENEROUS, input);
    }
}
