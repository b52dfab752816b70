package dev.polywire.eventstore.client;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A server's end of a connection: a test says what it sends. */
public final class StorePeer implements AutoCloseable {

    private final RawPeer socket;

    private StorePeer(RawPeer socket) {
        this.socket = socket;
    }

    /** The next connection. */
    public static StorePeer accept(RawPeer.Door door) {
        return new StorePeer(door.accept());
    }

    /** The next one, of an anonymous client, when it is logged in. */
    public static StorePeer loggedIn(RawPeer.Door door) {
        StorePeer peer = accept(door);
        peer.answer(peer.next(null), new ConnectionMessage.ClientIdentified());
        return peer;
    }

    /**
     * What the client sends next.
     *
     * @param heartbeat which of these is waited for; null: they are passed over
     */
    public TcpPackage next(@Nullable TcpCommand heartbeat) {
        while (true) {
            TcpPackage sent = next();
            TcpCommand command = sent.command();
            if (command == heartbeat
                    || command != TcpCommand.HEARTBEAT_REQUEST && command != TcpCommand.HEARTBEAT_RESPONSE) {
                return sent;
            }
        }
    }

    private TcpPackage next() {
        Buffer prefix = Buffer.buffer(socket.read(Integer.BYTES));
        if (prefix.length() < Integer.BYTES) {
            throw new UncheckedIOException(new EOFException("the client has closed"));
        }
        return TcpPackage.read(prefix.appendBytes(socket.read(prefix.getIntLE(0))), CredentialsLayout.PASSWORDS);
    }

    public void answer(TcpPackage asked, EventStoreMessage answer) {
        answer(asked, answer.command(), answer.payload());
    }

    /** With bytes that are perhaps no such message. */
    public void answer(TcpPackage asked, TcpCommand command, Buffer payload) {
        send(new TcpPackage(command.number(), false, asked.correlationId(), null, payload));
    }

    public void send(TcpPackage sent) {
        socket.write(sent.write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES));
    }

    /** Bytes that are perhaps no package. */
    public void raw(Buffer bytes) {
        socket.write(bytes);
    }

    public void reset() {
        socket.reset();
    }

    @Override
    public void close() {
        socket.close();
    }
}
