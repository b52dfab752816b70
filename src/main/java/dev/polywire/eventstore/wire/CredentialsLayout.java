package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/**
 * How credentials lie in a package; the versions differ, and the bytes do not say which it is.
 *
 * <pre>
 *   05 "admin" 08 "changeit"        login and password, each behind its length
 *   fb ff "token"                   since 20.6: minus the length of a token, 16 bits little endian
 * </pre>
 *
 * <p>Since 20.6 the first two bytes are read as a number. It is negative too when a login begins with a byte above 127, so
 * such a login cannot be sent to these versions.
 */
public enum CredentialsLayout {

    /** Up to 5.x: 0 to 255 bytes each. */
    PASSWORDS(255),
    /** 20.6 and later: 0 to 127 bytes each, or a token. */
    PASSWORDS_OR_TOKEN(127);

    private static final int MAX_TOKEN_BYTES = 32_768;

    private final int maxBytes;

    CredentialsLayout(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads what stands before the payload.
     *
     * @throws ProtocolException FRAMING when a length goes past the end, or a text is not UTF-8
     */
    UserCredentials read(ByteReader in, Buffer frame) {
        if (this == PASSWORDS_OR_TOKEN && in.remaining() >= 2 && frame.getByte(in.position() + 1) < 0) {
            int length = -frame.getShortLE(in.position());
            in.skip(Short.BYTES, "token length");
            return new UserCredentials.Token(in.utf8(length, "token"));
        }
        String login = in.utf8(length(in, "login"), "login");
        int passwordBytes = length(in, "password");
        // Servers want a byte behind the two lengths: the password's, or the payload's when there is no password.
        if (in.remaining() == 0) {
            throw in.bad("credentials: nothing behind the lengths (expected: a password or a payload)");
        }
        return new UserCredentials.Password(login, in.utf8(passwordBytes, "password"));
    }

    private int length(ByteReader in, String what) {
        int length = in.u8(what + " length");
        if (length > maxBytes) {
            throw in.bad(what + ": " + length + " bytes (expected: <= " + maxBytes + ")");
        }
        return length;
    }

    /**
     * Appends credentials.
     *
     * @param payloadBytes the size of the payload that follows
     * @throws IllegalArgumentException when servers with this layout would read something else, or nothing
     */
    void append(Buffer to, UserCredentials credentials, int payloadBytes) {
        if (credentials instanceof UserCredentials.Token token) {
            byte[] bytes = utf8("token", token.token(), this == PASSWORDS ? 0 : MAX_TOKEN_BYTES);
            if (bytes.length == 0) {
                throw new IllegalArgumentException("token: 0 bytes (expected: >= 1)");
            }
            to.appendShortLE((short) -bytes.length).appendBytes(bytes);
            return;
        }
        UserCredentials.Password pair = (UserCredentials.Password) credentials;
        byte[] login = utf8("login", pair.login(), maxBytes);
        byte[] password = utf8("password", pair.password(), maxBytes);
        if (password.length == 0 && payloadBytes == 0) {
            throw new IllegalArgumentException("password: 0 bytes (expected: >= 1)");
        }
        // The number of the first two bytes, for servers that look for a token; without a login the second is a length.
        if (this == PASSWORDS_OR_TOKEN && login.length > 0 && login[0] < 0) {
            throw new IllegalArgumentException("login: begins outside ASCII (expected: ASCII, since 20.6)");
        }
        to.appendByte((byte) login.length).appendBytes(login);
        to.appendByte((byte) password.length).appendBytes(password);
    }

    private static byte[] utf8(String what, String text, int maxBytes) {
        byte[] bytes = Utf8.encoded(what, text);
        if (bytes.length > maxBytes) {
            throw new IllegalArgumentException(what + ": " + bytes.length + " bytes (expected: <= " + maxBytes + ")");
        }
        return bytes;
    }
}
