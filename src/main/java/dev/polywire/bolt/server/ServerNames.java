package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a server calls itself where its clients do not name it, and its database where neither client nor handler does.
 *
 * @param advertised the server of the default routing table, for clients that do not say which address they have dialled
 *     (drivers before 4.0); null: the address of the client's socket on this side, which is the wrong one behind a proxy
 * @param database {@code db} in the summary of a query; at least one character, default {@code neo4j}
 */
public record ServerNames(@Nullable BoltAddress advertised, String database) {

    /** The socket's address, and the name of Neo4j's own first database. */
    public static final ServerNames DEFAULT = new ServerNames(null, "neo4j");

    public ServerNames {
        if (database.isEmpty()) {
            throw new IllegalArgumentException("database: empty (expected: a name)");
        }
    }
}
