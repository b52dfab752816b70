package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.core.net.Deadline;

/** A connection in use, and the pool to which it returns. */
record PooledConnection(BoltConnection connection, BoltPool pool, BoltAddress address) {

    void release() {
        pool.release(connection);
    }

    /** Reports the API in use to a server that supports TELEMETRY; sent together with the next request. */
    void tell(int api, Deadline deadline) {
        if (connection.server().wantsTelemetry()
                && connection.server().version().hasTelemetry()) {
            connection.send(new BoltRequest.Telemetry(api), deadline);
        }
    }
}
