package dev.polywire.app.cluster;

import dev.polywire.core.json.FieldException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address without public access: loopback, or private (RFC 1918). A name could become any address later. */
final class PrivateAddress {

    static final String EXPECTED = "a loopback or private IPv4 address: 127/8, 10/8, 172.16/12 or 192.168/16";

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET);

    private PrivateAddress() {}

    /** @throws FieldException when it is a public address, a name, or a wildcard */
    static String require(String path, String address) {
        Matcher ipv4 = IPV4.matcher(address);
        if (!ipv4.matches() || !isPrivate(Integer.parseInt(ipv4.group(1)), Integer.parseInt(ipv4.group(2)))) {
            throw new FieldException(path, "not usable (expected: " + EXPECTED + ")");
        }
        return address;
    }

    private static boolean isPrivate(int first, int second) {
        return switch (first) {
            case 10, 127 -> true;
            case 172 -> second >= 16 && second < 32;
            case 192 -> second == 168;
            default -> false;
        };
    }
}
