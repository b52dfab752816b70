package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;

/** The attributes of a SCRAM message in their order: {@code r=…,s=…,i=…} (RFC 5802, 5). Its failures have no text of the message. */
final class ScramAttributes {

    /** Those of servers have about 100. */
    static final int MAX_BYTES = 4_096;

    private final String what;
    private final String text;
    private int at;

    /** @param what {@code server-first} and the like */
    ScramAttributes(String what, Buffer payload) {
        String decoded = payload.length() > MAX_BYTES ? null : Utf8.text(payload);
        if (decoded == null) {
            throw ProtocolException.decode(
                    what + ": too long, or not UTF-8 (expected: text of <= " + MAX_BYTES + " bytes)");
        }
        this.what = what;
        this.text = decoded;
    }

    /** The whole message. */
    String text() {
        return text;
    }

    /** Whether the next attribute has this name. */
    boolean isNext(char name) {
        return at < text.length() - 1 && text.charAt(at) == name && text.charAt(at + 1) == '=';
    }

    /** The value of the next attribute, which must have this name and a value. */
    String next(char name) {
        if (!isNext(name)) {
            throw bad(name, "missing", "an attribute");
        }
        int comma = text.indexOf(',', at);
        String value = text.substring(at + 2, comma < 0 ? text.length() : comma);
        at = comma < 0 ? text.length() : comma + 1;
        if (value.isEmpty()) {
            throw bad(name, "empty", "a value");
        }
        return value;
    }

    byte[] base64(char name) {
        String value = next(name);
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException not) {
            throw bad(name, "not base64", "base64");
        }
    }

    /** A nonce: printable ASCII. */
    String nonce() {
        String nonce = next('r');
        if (!isNonce(nonce)) {
            throw bad('r', "not printable", "printable ASCII");
        }
        return nonce;
    }

    /** A positive number below 2^31 times 4. */
    long number(char name) {
        String value = next(name);
        if (!value.matches("[1-9][0-9]{0,9}")) {
            throw bad(name, "no number", "a positive number");
        }
        return Long.parseLong(value);
    }

    static boolean isNonce(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ',');
    }

    ProtocolException bad(char name, String found, String expected) {
        return ProtocolException.decode(what + " " + name + "=: " + found + " (expected: " + expected + ")");
    }
}
