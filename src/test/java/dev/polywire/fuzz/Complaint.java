package dev.polywire.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.Printable;
import dev.polywire.core.wire.ProtocolException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What a failure may be: of an allowed kind, short, and what is shown of it can be sent on. */
public final class Complaint {

    private static final int MOST_CHARACTERS = 1_000;

    private Complaint() {}

    /** @throws AssertionError when {@code bad} is not one of these kinds */
    public static void require(ProtocolException bad, ProtocolException.Kind... kinds) {
        assertTrue(Set.of(kinds).contains(bad.kind()), () -> bad.kind() + ": " + bad.getMessage());
        require(bad.getMessage());
    }

    /** @throws AssertionError when this is nothing to say to a caller */
    public static void require(String message) {
        assertTrue(message.length() <= MOST_CHARACTERS, () -> "a message of " + message.length() + " characters");
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(Printable.line(message)));
        } catch (CharacterCodingException malformed) {
            throw new AssertionError("a message with half a surrogate pair", malformed);
        }
    }
}
