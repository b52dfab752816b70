package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import io.vertx.core.net.NetSocket;

/**
 * A socket that was just opened, with the machine that is to work on it, and nobody who hears of it: what a
 * {@link Connection} is made of, in the turn in which it came.
 *
 * @param <E> the machine's events
 */
public final class OpenSocket<E> {

    final NetSocket socket;
    final Machine<E> machine;
    final String protocol;
    final String target;
    final Spi spi;

    /** @param target who is at the other end, for people */
    OpenSocket(NetSocket socket, Machine<E> machine, String protocol, String target, Spi spi) {
        this.socket = socket;
        this.machine = machine;
        this.protocol = protocol;
        this.target = target;
        this.spi = spi;
    }
}
