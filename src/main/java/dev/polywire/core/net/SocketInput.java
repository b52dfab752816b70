package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import io.vertx.core.net.NetSocket;

/**
 * Whether a socket is read: while the memory budget admits more bytes, and its connection takes events; a connection that takes
 * none is read until its machine holds {@link #FULL_BYTES}, which shows the end of a peer that had little to say. Everything
 * else stays in the kernel, and an end behind it is not noticed before it is read.
 */
final class SocketInput {

    /** With one more read of 64 KiB, this is what a peer that nobody reads can make us hold. */
    static final int FULL_BYTES = 16 * 1024;

    private static final long NEVER = Long.MAX_VALUE;

    private final NetSocket socket;
    private final Machine<?> machine;
    private final FirstBytes first;
    private final MemoryAccount account;
    private boolean wanted = true;
    private boolean open = true;
    /** The machine has bytes that were not decoded yet. */
    private boolean unread;

    private boolean stopped;
    private long unreadSinceMillis = NEVER;
    private long cutSinceMillis = NEVER;

    SocketInput(NetSocket socket, Machine<?> machine, FirstBytes first, MemoryAccount account) {
        this.socket = socket;
        this.machine = machine;
        this.first = first;
        this.account = account;
    }

    FirstBytes first() {
        return first;
    }

    /** Whether the connection takes events. */
    boolean isWanted() {
        return wanted;
    }

    /** Whether the machine has bytes that were not decoded yet. */
    boolean isUnread() {
        return unread;
    }

    /** Since when the machine has had bytes and the connection has taken no events; {@link Long#MAX_VALUE}: that is not so. */
    long unreadSinceMillis() {
        return Math.min(unreadSinceMillis, cutSinceMillis);
    }

    /** The socket is closed. What nobody has read of it in the kernel is lost. */
    void cut() {
        if (isFull()) {
            cutSinceMillis = unreadSinceMillis;
        }
    }

    /** Whether the machine does not get all that the peer has sent. */
    boolean isCut() {
        return cutSinceMillis != NEVER;
    }

    /** Whether the rest of what the peer sends stays in the kernel, because the connection takes no events. */
    boolean isFull() {
        return !wanted && !open;
    }

    /** Whether nothing more is read, on the connection's wish or for want of memory. */
    boolean isStopped() {
        return stopped;
    }

    /** @return whether this is new */
    boolean want(boolean on) {
        boolean changed = wanted != on;
        wanted = on;
        if (changed) {
            unreadSinceMillis = NEVER;
            stopOrStart();
        }
        return changed;
    }

    /** Whether the memory budget admits more has changed. */
    void admit() {
        stopOrStart();
    }

    /** The machine has got bytes. */
    void arrived() {
        unread = true;
        lookWhetherUnread();
        restIfFull();
    }

    /** The machine has no event in what it has. */
    void decoded() {
        unread = false;
    }

    /** Stops reading for the rest of a turn. */
    void rest() {
        read(false);
    }

    /** Reads on, unless it may not. */
    void goOn() {
        read(account.mayRead() && (wanted || machine.heldBytes() < FULL_BYTES));
    }

    /** Stops at once; the start follows after the events of what was read before. */
    private void stopOrStart() {
        boolean before = stopped;
        stopped = !wanted || !account.mayRead();
        if (stopped != before) {
            machine.hold(stopped, Monotonic.millis());
        }
        lookWhetherUnread();
        restIfFull();
    }

    private void lookWhetherUnread() {
        if (!wanted && unreadSinceMillis == NEVER && machine.heldBytes() > 0) {
            unreadSinceMillis = Monotonic.millis();
        }
    }

    private void restIfFull() {
        if (!account.mayRead() || (!wanted && machine.heldBytes() >= FULL_BYTES)) {
            read(false);
        }
    }

    private void read(boolean on) {
        if (open != on) {
            open = on;
            Spi.read(socket, on);
        }
    }
}
