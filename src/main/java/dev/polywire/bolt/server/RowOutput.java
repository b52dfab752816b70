package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.core.net.MachineSocket;

/** The way of rows to the client. */
record RowOutput(BoltServerMachine machine, MachineSocket<BoltServerEvent> socket, long maxBytes) {

    /** Whether so much waits for the client to read that rows are not asked for and requests not read. */
    boolean isFull() {
        return machine.outputBytes() + socket.unwrittenBytes() >= maxBytes;
    }
}
