package dev.polywire.eventstore.store;

import java.util.Set;

/**
 * Who asks.
 *
 * @param name as in access lists
 * @param groups as in access lists, {@code $admins} and {@code $ops} among them
 */
public record User(String name, Set<String> groups) {

    /** Who has not said who he is. */
    public static final User ANONYMOUS = new User("", Set.of());

    public static final String ADMINS = "$admins";
    public static final String OPS = "$ops";

    public boolean isAdmin() {
        return groups.contains(ADMINS);
    }

    /** Whether this user may do what nodes are run with: scavenges, persistent subscriptions. */
    public boolean isOperator() {
        return isAdmin() || groups.contains(OPS);
    }
}
