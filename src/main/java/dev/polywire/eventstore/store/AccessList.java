package dev.polywire.eventstore.store;

import dev.polywire.eventstore.store.StreamAccess.Permission;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Roles, or names of users, by what they may do with a stream.
 *
 * <pre>
 *   {"$r": "$all", "$w": ["ops", "$admins"], "$d": …, "$mr": …, "$mw": …}
 * </pre>
 */
record AccessList(Map<Permission, Set<String>> roles) {

    private static final int ROLE_BYTES = 100;

    static final AccessList NONE = new AccessList(Map.of());

    /** @throws IllegalArgumentException when it is another JSON */
    static AccessList read(@Nullable Object value) {
        if (!(value instanceof JsonObject json)) {
            throw new IllegalArgumentException("access list: no object (expected: one)");
        }
        Map<Permission, Set<String>> roles = new EnumMap<>(Permission.class);
        for (Permission each : Permission.values()) {
            if (json.containsKey(each.key())) {
                roles.put(each, roles(json.getValue(each.key())));
            }
        }
        return new AccessList(roles);
    }

    private static Set<String> roles(@Nullable Object json) {
        Set<String> all = new TreeSet<>();
        for (Object each : json instanceof JsonArray several ? several.getList() : Collections.singletonList(json)) {
            if (!(each instanceof String role)) {
                throw new IllegalArgumentException("access list: a role that is no text (expected: a text)");
            }
            all.add(role);
        }
        return all;
    }

    /** About what it takes in memory, which for short roles is many times what it takes in JSON. */
    long bytes() {
        return roles.values().stream().mapToLong(Set::size).sum() * ROLE_BYTES;
    }

    /** Null: this list does not say. */
    @Nullable
    Set<String> of(Permission permission) {
        return roles.get(permission);
    }
}
