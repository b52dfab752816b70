package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import io.vertx.core.net.NetSocket;

/**
 * A socket that was just opened, with its machine and still without a receiver of events: the constructor argument of a
 * {@link Connection}, in the turn in which the socket opened.
 *
 * @param <E> the machine's events
 */
public final class OpenSocket<E> {

    final NetSocket socket;
    final Machine<E> machine;
    final String protocol;
    final String target;
    final Spi spi;
    final MemoryBudget budget;

    /** @param target the other end, as text for people */
    OpenSocket(NetSocket socket, Machine<E> machine, String protocol, String target, Spi spi, MemoryBudget budget) {
        this.socket = socket;
        this.machine = machine;
        this.protocol = protocol;
        this.target = target;
        this.spi = spi;
        this.budget = budget;
    }
}
