package dev.polywire.core.json;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of one object that is being read from an untrusted source, in the order of the document. */
final class Members {

    /**
     * Names of one object that may share a bucket of a hash map. Of names that nobody chose for it, nine do so in objects of
     * a hundred thousand, and 13 in objects of a million; 27 of a million codes of four letters and digits.
     */
    static final int MAX_SHARED = 64;

    /** Names of an object that is not checked: so few are cheap even if all of them collide. */
    static final int UNCHECKED = 256;

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /**
     * Adds a member.
     *
     * @return false when its name is present already; the map's size says so, because null is a value
     * @throws FieldException as {@link #object} does; collisions are looked for each time the object has doubled, before
     *     they have cost much
     */
    boolean put(String name, @Nullable Object value) {
        int before = members.size();
        members.put(name, value);
        int size = members.size();
        if (Integer.bitCount(size) == 1) {
            refuseCollisions();
        }
        return size > before;
    }

    /**
     * The object, after its last member.
     *
     * @throws FieldException with the path {@code json}, {@link FieldException#isTooMuch}, when names collide: each copy of
     *     the object would cost as much again
     */
    JsonObject object() {
        refuseCollisions();
        return new JsonObject(members);
    }

    private void refuseCollisions() {
        if (members.size() > UNCHECKED && isCrowded()) {
            throw FieldException.tooMuch(
                    "json",
                    "names collide (expected: at most " + MAX_SHARED
                            + " names of an object in one bucket of a hash map)");
        }
    }

    /** Counts the names in each bucket, as {@link java.util.HashMap} distributes them. */
    private boolean isCrowded() {
        byte[] names = new byte[Integer.highestOneBit(members.size()) << 1];
        for (String name : members.keySet()) {
            int hash = name.hashCode();
            if (++names[(hash ^ hash >>> 16) & names.length - 1] > MAX_SHARED) {
                return true;
            }
        }
        return false;
    }
}
