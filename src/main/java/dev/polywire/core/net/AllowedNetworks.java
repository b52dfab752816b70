package dev.polywire.core.net;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Networks that the addresses must lie in which a peer names: it might name some that only this side can reach. Names are looked up first,
 * and what is dialled are the addresses that were found and that are allowed.
 */
public final class AllowedNetworks {

    /** Any address. */
    public static final AllowedNetworks ALL = new AllowedNetworks(List.of(new Network(new byte[0], 0)));

    private static final Pattern DIGITS = Pattern.compile("\\d{1,3}");

    /** @param address empty: any */
    private record Network(byte[] address, int prefixBits) {

        boolean holds(byte[] other) {
            if (address.length == 0) {
                return true;
            }
            int whole = prefixBits / Byte.SIZE;
            int rest = prefixBits % Byte.SIZE;
            return other.length == address.length
                    && Arrays.equals(address, 0, whole, other, 0, whole)
                    && (rest == 0 || (address[whole] ^ other[whole]) >> Byte.SIZE - rest == 0);
        }
    }

    private final List<Network> networks;

    private AllowedNetworks(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Reads networks: {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 192.168.1.7}. Without any, nothing is allowed.
     *
     * @throws IllegalArgumentException for a text that is none, or that has bits behind its prefix
     */
    public static AllowedNetworks of(List<String> texts) {
        return new AllowedNetworks(texts.stream().map(AllowedNetworks::network).toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        byte[] address = literal(slash < 0 ? text : text.substring(0, slash));
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        int most = address.length * Byte.SIZE;
        if (most == 0 || slash >= 0 && (!DIGITS.matcher(bits).matches() || Integer.parseInt(bits) > most)) {
            throw new IllegalArgumentException("network: not one (expected: an address, or as in 10.0.0.0/8)");
        }
        Network network = new Network(address, slash < 0 ? most : Integer.parseInt(bits));
        byte[] first = address.clone();
        for (int bit = network.prefixBits; bit < most; bit++) {
            first[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        if (!Arrays.equals(first, address)) {
            throw new IllegalArgumentException("network: bits behind its prefix (expected: zeros)");
        }
        return network;
    }

    /** Empty: it is no address. */
    private static byte[] literal(String text) {
        String address = SocketAddress.inetSocketAddress(1, text).hostAddress();
        try {
            return address == null
                    ? new byte[0]
                    : InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException none) {
            return new byte[0];
        }
    }

    boolean allows(InetAddress address) {
        return networks.stream().anyMatch(each -> each.holds(address.getAddress()));
    }

    /** Whether {@code host} is no address, or one that is allowed. */
    public boolean allowsHost(String host) {
        byte[] address = literal(host);
        return address.length == 0 || networks.stream().anyMatch(each -> each.holds(address));
    }

    /** Those that are allowed. @throws UnknownHostException when there is none */
    List<InetAddress> of(List<InetAddress> addresses, String host) throws UnknownHostException {
        List<InetAddress> allowed = new ArrayList<>(addresses);
        allowed.removeIf(each -> !allows(each));
        if (allowed.isEmpty()) {
            throw new UnknownHostException(host + ": none of its addresses is in an allowed network");
        }
        return allowed;
    }
}
