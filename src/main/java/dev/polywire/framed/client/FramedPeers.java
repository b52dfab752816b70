package dev.polywire.framed.client;

import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The connections of a framed connector, in either role. */
public interface FramedPeers {

    /**
     * The connection to send on.
     *
     * @param id of the connection; null: the only one
     * @return fails with UNAVAILABLE (a client has none in time), NOT_FOUND, or BAD_REQUEST (a server needs an id)
     */
    Future<FramedConnection> connection(@Nullable String id, Deadline deadline);

    /** Completes when messages can be sent and received; fails with UNAVAILABLE at the deadline. */
    Future<Void> ready(Deadline deadline);

    /** The connections that are up, and those whose peer is gone and whose last messages nobody has read. */
    Collection<FramedConnection> connections();

    /** Closes all of them. */
    Future<Void> close();
}
