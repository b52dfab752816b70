package dev.polywire.core.bus.request;

import java.util.regex.Pattern;

/** What an address tells about the service behind it. */
public final class ServiceAddress {

    /** Addresses of our services are below this, unless they were configured otherwise. */
    public static final String ROOT = "polywire";

    /** As {@link dev.polywire.core.bus.handle.Rooms} names them: the service, the room, the instance. */
    private static final Pattern ROOM =
            Pattern.compile(".+\\.[a-z]+\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private ServiceAddress() {}

    /** Whether an address is {@code polywire} or below. */
    public static boolean isOurs(String address) {
        return isAtOrBelow(ROOT, address);
    }

    /** Whether an address is that of a service, of its raw door or of one of its rooms. */
    public static boolean isAtOrBelow(String service, String address) {
        return address.startsWith(service)
                && (address.length() == service.length() || address.charAt(service.length()) == '.');
    }

    /** Whether it is the address of handles: whoever has a handle knows that the address had a consumer. */
    public static boolean isRoom(String address) {
        return ROOM.matcher(address).matches();
    }
}
