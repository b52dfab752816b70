package dev.polywire.bridge;

import dev.polywire.core.net.MachineSocket;
import java.util.EnumSet;
import java.util.Set;

/** Controls reading from a client: it stops while there is at least one reason. */
final class ReadGate {

    /** The reasons to stop reading. */
    enum Reason {
        /** Its messages are not yet on their way. */
        SENDING,
        /** It sent a wrong token, and waits for the answer. */
        LOGIN
    }

    private final MachineSocket<?> socket;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    ReadGate(MachineSocket<?> socket) {
        this.socket = socket;
    }

    void close(Reason reason) {
        if (reasons.isEmpty()) {
            socket.pause();
        }
        reasons.add(reason);
    }

    void open(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            socket.resume();
        }
    }
}
