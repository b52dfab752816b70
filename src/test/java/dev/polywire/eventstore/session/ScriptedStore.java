package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A server that lets everybody in and answers each question with bytes of the test's choice; one connection after the other. */
final class ScriptedStore implements AutoCloseable {

    private final RawPeer.Door door = new RawPeer.Door();
    private final Function<TcpPackage, List<Buffer>> answers;
    private final List<TcpPackage> heard = new CopyOnWriteArrayList<>();
    private final Thread porter;
    private volatile RawPeer open;

    /**
     * @param answers the pieces that are written, one after the other, when a question was read that is not of the login.
     *     None: from then on the server says nothing
     */
    ScriptedStore(Function<TcpPackage, List<Buffer>> answers) {
        this.answers = answers;
        this.porter = new Thread(this::accept, "scripted store");
        porter.start();
    }

    int port() {
        return door.port();
    }

    /** All packages so far. */
    List<TcpPackage> heard() {
        return heard;
    }

    List<TcpCommand> commands() {
        return heard.stream().map(TcpPackage::command).collect(Collectors.toList());
    }

    static Buffer frame(UUID id, EventStoreMessage message) {
        return TcpPackage.of(id, message, null).write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
    }

    private void accept() {
        try {
            while (true) {
                try (RawPeer client = door.accept()) {
                    open = client;
                    serve(client);
                }
            }
        } catch (RuntimeException closed) {
            // The test is over.
        }
    }

    private void serve(RawPeer client) {
        try {
            for (TcpPackage asked = next(client); asked != null; asked = next(client)) {
                heard.add(asked);
                if (asked.command() == TcpCommand.IDENTIFY_CLIENT) {
                    client.write(frame(asked.correlationId(), new ConnectionMessage.ClientIdentified()));
                } else if (asked.command() == TcpCommand.HEARTBEAT_REQUEST) {
                    client.write(frame(asked.correlationId(), new ConnectionMessage.HeartbeatResponse()));
                } else {
                    List<Buffer> pieces = answers.apply(asked);
                    if (pieces.isEmpty()) {
                        client.readToEnd();
                        return;
                    }
                    pieces.forEach(client::write);
                }
            }
        } catch (RuntimeException gone) {
            // The next one may come.
        }
    }

    private static TcpPackage next(RawPeer client) {
        byte[] length = client.read(4);
        if (length.length < 4) {
            return null;
        }
        Buffer frame = Buffer.buffer(length);
        return TcpPackage.read(frame.appendBytes(client.read(frame.getIntLE(0))), CredentialsLayout.PASSWORDS);
    }

    @Override
    public void close() {
        door.close();
        if (open != null) {
            open.close();
        }
        try {
            porter.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
