package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * What 5.0.11 says about bytes that are no package, before it closes the connection: to the letter, with the places in its own
 * program, because clients show and compare it.
 */
final class ServerComplaint {

    private static final String TRACE = "\n"
            + "  at EventStore.Core.Services.Transport.Tcp.TcpPackage.FromArraySegment (System.ArraySegment`1[T] data)"
            + " [0x%05x] in <51b880d4ef1d4b9ab6ea84c1be023e7e>:0 \n"
            + "  at EventStore.Core.Services.Transport.Tcp.TcpConnectionManager.OnMessageArrived"
            + " (System.ArraySegment`1[T] data) [0x00000] in <51b880d4ef1d4b9ab6ea84c1be023e7e>:0 ";

    private static final int SHORT_AT = 0x24;
    private static final int LOGIN_AT = 0xb4;
    private static final int PASSWORD_AT = 0x10f;

    private ServerComplaint() {}

    /** @param refused by us, perhaps for the lack of memory: then it has no words of the server's */
    static String aboutLength(int length, ProtocolException refused) {
        if (length > 0 && length <= TcpPackage.MAX_BYTES) {
            return length < TcpPackage.HEADER_BYTES - Integer.BYTES
                    ? badPackage(
                            SHORT_AT,
                            "System.ArgumentException: ArraySegment too short, length: " + length
                                    + "\nParameter name: data")
                    : "Invalid TCP frame received. Error: " + refused.getMessage() + ".";
        }
        return "Invalid TCP frame received. Error: Package size is out of bounds: " + length + " (max: "
                + TcpPackage.MAX_BYTES + ")..";
    }

    /** A login must be followed by two bytes, of which the first is the length of the password. */
    static String aboutCredentials(Buffer frame, ProtocolException refused) {
        int rest = frame.length() - TcpPackage.HEADER_BYTES;
        int loginBytes = rest == 0 ? 0 : frame.getUnsignedByte(TcpPackage.HEADER_BYTES);
        if (1 + loginBytes + 1 >= rest) {
            return tooBig(LOGIN_AT, "Login");
        }
        int passwordBytes = frame.getUnsignedByte(TcpPackage.HEADER_BYTES + 1 + loginBytes);
        return 1 + loginBytes + 1 + passwordBytes > rest
                ? tooBig(PASSWORD_AT, "Password")
                : "Received bad network package. Error: " + refused.getMessage() + ".";
    }

    private static String tooBig(int at, String what) {
        return badPackage(at, "System.Exception: " + what + " length is too big, it does not fit into TcpPackage.");
    }

    private static String badPackage(int at, String error) {
        return "Received bad network package. Error: " + error + String.format(TRACE, at);
    }
}
