package dev.polywire.eventstore.session;

import dev.polywire.core.net.Backoff;
import java.util.Random;
import java.util.function.Supplier;

/**
 * How long a client waits. Tests have little time.
 *
 * @param backoffs one for each node that a connection is kept to
 * @param leaderIdleMillis without an operation and a follower; then the connection to the leader is closed, if it is not the only one
 */
record ClientPauses(Supplier<Backoff> backoffs, long leaderIdleMillis) {

    static final ClientPauses DEFAULT = new ClientPauses(() -> new Backoff(new Random()), 30_000);
}
