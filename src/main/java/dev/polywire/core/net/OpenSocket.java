package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

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
    final FirstBytes first;

    /** @param target the other end, as text for people @param tls of this side; null: plain TCP */
    OpenSocket(
            NetSocket socket,
            Machine<E> machine,
            String protocol,
            String target,
            Spi spi,
            MemoryBudget budget,
            @Nullable TlsOptions tls) {
        this.socket = socket;
        this.machine = machine;
        this.protocol = protocol;
        this.target = target;
        this.spi = spi;
        this.budget = budget;
        this.first = new FirstBytes(socket, target, tls);
    }
}
