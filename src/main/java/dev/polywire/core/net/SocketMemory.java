package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;

/** What is held for a {@link MachineSocket}, in the memory budget: received, to be written, and beside it by its connection. */
final class SocketMemory implements MemoryHolder {

    private final MachineSocket<?> socket;
    private final Machine<?> machine;
    private final Connection<?> connection;
    private final SocketOutput output;
    private final MemoryAccount account;

    /** @param name who it is, for people */
    SocketMemory(
            MemoryBudget budget,
            String name,
            MachineSocket<?> socket,
            Machine<?> machine,
            Connection<?> connection,
            SocketOutput output) {
        this.socket = socket;
        this.machine = machine;
        this.connection = connection;
        this.output = output;
        this.account = budget.open(name, this);
    }

    MemoryAccount account() {
        return account;
    }

    /** Called whenever it may have changed. */
    void count() {
        long received = machine.heldBytes();
        long spare = machine.spareBytes();
        long held = received + spare + machine.outputBytes() + output.heldBytes() + connection.heldBytes();
        account.sheds(spare > 0);
        account.holds(
                held,
                (received > 0 || connection.isGathering()) && socket.input().isWanted());
    }

    /** The socket is closing: only what is on its way is held. */
    void countFarewell() {
        account.holds(output.heldBytes());
    }

    void close() {
        account.close();
    }

    @Override
    public void read(boolean on) {
        socket.admit();
    }

    @Override
    public void shed() {
        machine.shed();
        socket.count();
    }

    @Override
    public void drop(CallException why) {
        socket.abort(why);
    }
}
