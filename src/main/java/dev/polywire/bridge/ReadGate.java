package dev.polywire.bridge;

import dev.polywire.core.net.MachineSocket;
import java.util.EnumSet;
import java.util.Set;

/** Whether a client is read from: not while there is a reason against it. */
final class ReadGate {

    /** Why a client is not read from. */
    enum Reason {
        /** All clients together hold too much, and this one more than its share. */
        BUDGET,
        /** What it sent or published is not on its way yet. */
        SENDING,
        /** It gave a wrong token, and waits for the answer. */
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
