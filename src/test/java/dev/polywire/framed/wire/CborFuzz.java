package dev.polywire.framed.wire;

import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** CBOR: see {@link Payloads}. */
public final class CborFuzz implements FuzzTarget {

    private static final CborCodec CODEC = new CborCodec(Payloads.MAX_VALUE_BYTES);
    private static final CborCodec GENEROUS = new CborCodec(2 * Payloads.MAX_VALUE_BYTES);

    @Override
    public String name() {
        return "cbor";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(items(), Stream.of(nested(500, "00"), nested(499, "80"), nested(500, "80")));
    }

    /** As many arrays in each other, around an item. */
    private static Buffer nested(int levels, String item) {
        return Vectors.bytes("81".repeat(levels) + item);
    }

    /** Most are from RFC 8949 appendix A and F. */
    public static Stream<Buffer> items() {
        return Stream.of(
                        "00",
                        "17",
                        "1818",
                        "1903e8",
                        "1a000f4240",
                        "1bffffffffffffffff",
                        "3bffffffffffffffff",
                        "20",
                        "3863",
                        "c249010000000000000000",
                        "c349010000000000000000",
                        "f90000",
                        "f98000",
                        "f93c00",
                        "f90001",
                        "f97c00",
                        "f97e00",
                        "fa47c35000",
                        "fb3ff199999999999a",
                        "f4",
                        "f5",
                        "f6",
                        "f7",
                        "f0",
                        "f8ff",
                        "c074323031332d30332d32315432303a30343a30305a",
                        "c11a514b67b0",
                        "d74401020304",
                        "d818456449455446",
                        "40",
                        "4401020304",
                        "60",
                        "6449455446",
                        "62c3bc",
                        "64f0908591",
                        "80",
                        "83010203",
                        "8301820203820405",
                        "a0",
                        "a201020304",
                        "a26161016162820203",
                        "826161a161626163",
                        "5f42010243030405ff",
                        "7f657374726561646d696e67ff",
                        "9fff",
                        "9f018202039f0405ffff",
                        "bf61610161629f0203ffff",
                        "d9010283010203",
                        "d9d9f783010203",
                        "db7fffffffffffffff01",
                        "db80000000000000000a",
                        "a16324696e7401",
                        "a2f6018001",
                        "ff",
                        "1c",
                        "5b0000000000000001",
                        "9b0000000000000001",
                        "bb0000000000000001",
                        "5f61ff",
                        "a161",
                        "61ff",
                        "a2616101616102")
                .map(Vectors::bytes);
    }

    @Override
    public void run(Buffer input) {
        Payloads.readAndWrite(CODEC, GENEROUS, input);
    }
}
