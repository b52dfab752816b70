package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.amqp.wire.Tuning;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its channels. What is sent in one turn of the event loop is one write. Belongs to the context of its
 * socket.
 *
 * <pre>{@code
 *   AmqpConnection.connect(dialer, options, spi)
 *       .compose(connection -> connection.openChannel(deadline))
 *       .compose(channel -> channel.publish(method, content, deadline));
 * }</pre>
 */
public final class AmqpConnection implements Link.Connection, MachineSocket.Listener<AmqpEvent> {

    /** What may wait to be written, beside what the system takes: 16 MiB. Publishes and requests beyond are OVERLOADED. */
    public static final long MAX_UNWRITTEN_BYTES = 16L * 1024 * 1024;

    private AmqpConnection() {}

    /**
     * Dials, logs in and agrees on limits.
     *
     * @return fails with a {@link CallException} (UNAVAILABLE, UNAUTHENTICATED when we are not let in, SHUTTING_DOWN), with
     *     an {@link AmqpException} REFUSED, or with the {@link ProtocolException} that ended the handshake
     */
    public static Future<AmqpConnection> connect(Dialer dialer, AmqpClientOptions options, Spi spi) {
        throw new UnsupportedOperationException();
    }

    /** What the server said of itself. */
    public ServerInfo server() {
        throw new UnsupportedOperationException();
    }

    /** What was agreed on. */
    public Tuning tuning() {
        throw new UnsupportedOperationException();
    }

    /** Where it was dialled, for people. */
    public String target() {
        throw new UnsupportedOperationException();
    }

    /** @return fails with a {@link CallException}, OVERLOADED when there are as many as were agreed on; or as a channel's */
    public Future<AmqpChannel> openChannel(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Gives the broker a fresh token ({@code connection.update-secret}). */
    public Future<Void> updateSecret(Buffer newSecret, String reason, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Hears why the broker does not take publishes for now ({@code connection.blocked}); null: it does again. */
    public void blockedHandler(Handler<@Nullable String> handler) {
        throw new UnsupportedOperationException();
    }

    /** Why the broker does not take publishes; null: it does. */
    public @Nullable String blocked() {
        throw new UnsupportedOperationException();
    }

    /** Whether the broker reads as fast as we write. */
    public boolean isWritable() {
        throw new UnsupportedOperationException();
    }

    /** Hears when it was not writable, and is again. */
    public void drainHandler(Runnable handler) {
        throw new UnsupportedOperationException();
    }

    /** Reads nothing more until it is told to: for consumers without acknowledgements, which have no other bound. */
    public void hold(boolean held) {
        throw new UnsupportedOperationException();
    }

    public boolean isClosed() {
        throw new UnsupportedOperationException();
    }

    /** Says goodbye. @return done when the broker has answered, or has not in time, and the socket is closed */
    public Future<Void> close() {
        throw new UnsupportedOperationException();
    }

    /** As {@link #close()}; calls in flight fail at once, with what {@code cause} means for them. */
    @Override
    public void close(RuntimeException cause) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void closeHandler(Handler<RuntimeException> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void event(AmqpEvent event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void closed(RuntimeException cause) {
        throw new UnsupportedOperationException();
    }
}
