package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.core.net.Deadline;

/** A connection that somebody has, and where it goes afterwards. */
record PooledConnection(BoltConnection connection, BoltPool pool, BoltAddress address) {

    void release() {
        pool.release(connection);
    }

    /** Tells a server that wants to know by which of our methods it is used; sent together with what comes next. */
    void tell(int api, Deadline deadline) {
        if (connection.server().wantsTelemetry()
                && connection.server().version().hasTelemetry()) {
            connection.send(new BoltRequest.Telemetry(api), deadline);
        }
    }
}
