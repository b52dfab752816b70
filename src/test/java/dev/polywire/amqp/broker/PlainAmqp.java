package dev.polywire.amqp.broker;

import dev.polywire.amqp.wire.AmqpClientMachine;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** The client's machine on a blocking socket: no event loop, no timers, one thread. */
public final class PlainAmqp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    public final AmqpClientMachine machine;
    private final Socket socket;
    private final byte[] read = new byte[64 * 1024];

    public PlainAmqp(Socket socket, AmqpClientOptions options) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        machine = new AmqpClientMachine(options, FrameTap.NONE);
        machine.start(now());
    }

    /** Logged in, as the broker's own user. */
    public static PlainAmqp open(Broker broker) throws IOException {
        SaslMechanism mechanism = SaslMechanism.plain(broker.user(), broker.password());
        PlainAmqp amqp = new PlainAmqp(
                new Socket(broker.host(), broker.port()), new AmqpClientOptions(broker.virtualHost(), mechanism));
        amqp.next(AmqpEvent.Opened.class);
        return amqp;
    }

    /** A channel that is open. */
    public int channel() {
        int channel = machine.openChannel();
        next(AmqpEvent.ChannelOpened.class);
        return channel;
    }

    /** The answer to a request. */
    public AmqpMethod ask(int channel, AmqpMethod request) {
        machine.send(channel, request);
        return next(AmqpEvent.Reply.class).method();
    }

    /** The next event, which must be of this kind. */
    public <E extends AmqpEvent> E next(Class<E> kind) {
        AmqpEvent event = next();
        if (!kind.isInstance(event)) {
            throw new AssertionError(event + " (expected: " + kind.getSimpleName() + ")");
        }
        return kind.cast(event);
    }

    /** The next event, or null at the end of the stream. */
    public AmqpEvent next() {
        while (true) {
            AmqpEvent event = machine.nextEvent();
            write();
            if (event != null) {
                return event;
            }
            int count = read();
            if (count < 0) {
                machine.peerClosed(now());
                return machine.nextEvent();
            }
            machine.receive(Buffer.buffer(count).appendBytes(read, 0, count), now());
        }
    }

    public static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** -1: closed or reset. */
    private int read() {
        try {
            return socket.getInputStream().read(read);
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("nothing came", silent);
        } catch (IOException reset) {
            return -1;
        }
    }

    private void write() {
        try {
            for (Buffer out = machine.takeOutput(); out != null; out = machine.takeOutput()) {
                socket.getOutputStream().write(out.getBytes());
            }
        } catch (IOException broken) {
            // Whoever reads hears of it.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
