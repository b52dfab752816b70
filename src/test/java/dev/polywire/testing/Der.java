package dev.polywire.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** The few forms of ASN.1 that a certificate is made of, as X.690 writes them. */
final class Der {

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return of(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return of(0x31, parts);
    }

    static byte[] integer(long value) {
        return of(0x02, BigInteger.valueOf(value).toByteArray());
    }

    static byte[] yes() {
        return of(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] utf8(String text) {
        return of(0x0c, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** @param time {@code yyMMddHHmmssZ} */
    static byte[] utcTime(String time) {
        return of(0x17, text(time));
    }

    static byte[] octets(byte[] content) {
        return of(0x04, content);
    }

    /** Whole bytes. */
    static byte[] bits(byte[] content) {
        return of(0x03, new byte[1], content);
    }

    /** @param primitive whether it holds no other values */
    static byte[] tagged(int number, boolean primitive, byte[]... parts) {
        return of((primitive ? 0x80 : 0xa0) + number, parts);
    }

    /** @param dotted such as {@code 2.5.29.17} */
    static byte[] oid(String dotted) {
        int[] arcs =
                Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >> shift != 0) {
                    content.write(0x80 | arcs[i] >> shift & 0x7f);
                }
            }
            content.write(arcs[i] & 0x7f);
        }
        return of(0x06, content.toByteArray());
    }

    static byte[] text(String ascii) {
        return ascii.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static byte[] of(int tag, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        all.write(tag);
        if (length < 0x80) {
            all.write(length);
        } else {
            byte[] size = BigInteger.valueOf(length).toByteArray();
            int sign = size[0] == 0 ? 1 : 0;
            all.write(0x80 + size.length - sign);
            all.write(size, sign, size.length - sign);
        }
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
