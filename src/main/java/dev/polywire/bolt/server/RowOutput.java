package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.core.net.MachineSocket;

/** Writes rows to the client. */
record RowOutput(BoltServerMachine machine, MachineSocket<BoltServerEvent> socket, long maxBytes) {

    /** Whether so much output is unread that no rows are requested and no requests read. */
    boolean isFull() {
        return machine.outputBytes() + socket.unwrittenBytes() >= maxBytes;
    }
}
