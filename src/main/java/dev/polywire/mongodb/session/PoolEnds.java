package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;

/** Why a pool, or one of its connections, ends. */
final class PoolEnds {

    private PoolEnds() {}

    static CallException closing() {
        return new CallException(Reason.SHUTTING_DOWN, "the connector is closing");
    }

    static CallException closedByUs(String why) {
        return CallException.lost("closed by us: " + why);
    }
}
