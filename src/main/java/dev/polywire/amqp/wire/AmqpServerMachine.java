package dev.polywire.amqp.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a connection, without a conversation of its own: it reports what a client sends and sends what its
 * caller gives it, invalid frames included. For scripted brokers, benchmarks and tests of the client.
 *
 * <p>A {@link ProtocolException} out of {@link #nextEvent}, of any kind, is final: it then has no event.
 */
public final class AmqpServerMachine extends Machine<AmqpServerEvent> {

    /** A message that is coming in. */
    private record Incoming(ContentMethod method, ContentAssembler contents) {}

    private final FrameInput in;
    private final FrameWriter out;
    /** By channel. */
    private final Map<Integer, Incoming> incoming = new HashMap<>();

    private boolean greeted;

    /** @param limits what a client may send; the first is the largest frame in either direction */
    public AmqpServerMachine(AmqpLimits limits, FrameTap tap) {
        this(limits, tap, new FrameWriter(limits.maxFrameBytes(), tap));
    }

    private AmqpServerMachine(AmqpLimits limits, FrameTap tap, FrameWriter out) {
        super(out, tap);
        this.in = new FrameInput(limits.maxFrameBytes(), limits, tap);
        this.out = out;
    }

    /** Sends a method. */
    public void send(int channel, AmqpMethod method) {
        out.method(channel, method);
    }

    /** Sends a message. */
    public void send(int channel, ContentMethod method, Content content) {
        out.content(channel, method, content);
    }

    public void heartbeat() {
        out.heartbeat();
    }

    /** Sends bytes as they are. */
    public void raw(Buffer bytes) {
        out.raw("raw", bytes);
    }

    /** Cuts bodies into frames of this size, and accepts no larger frame. */
    public void limit(int maxFrameBytes) {
        in.limit(maxFrameBytes);
        out.limit(maxFrameBytes);
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        in.receive(bytes);
    }

    @Override
    protected @Nullable AmqpServerEvent next() {
        try {
            return greeted ? frames() : header();
        } catch (Violation violation) {
            throw violation.forCaller();
        }
    }

    @Override
    protected @Nullable AmqpServerEvent ended() {
        return null;
    }

    @Override
    protected Intake intake() {
        return in;
    }

    private @Nullable AmqpServerEvent header() {
        Buffer bytes = in.header();
        greeted = bytes != null;
        return bytes == null ? null : new AmqpServerEvent.Header(bytes);
    }

    private @Nullable AmqpServerEvent frames() {
        while (in.next()) {
            AmqpServerEvent event = switch (in.type()) {
                case FrameReader.HEARTBEAT -> new AmqpServerEvent.Heartbeat();
                case FrameReader.METHOD -> asked(in.method());
                default -> content();
            };
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    private @Nullable AmqpServerEvent asked(AmqpMethod method) {
        if (!(method instanceof ContentMethod carrier)) {
            return new AmqpServerEvent.Method(in.channel(), method, null);
        }
        Incoming before = incoming.get(in.channel());
        ContentAssembler contents = before == null ? in.assembler() : before.contents();
        contents.begin();
        incoming.put(in.channel(), new Incoming(carrier, contents));
        return null;
    }

    private @Nullable AmqpServerEvent content() {
        Incoming begun = incoming.get(in.channel());
        if (begun == null) {
            throw new Violation(
                    ReplyCode.UNEXPECTED_FRAME, in.name() + " on channel " + in.channel() + " (expected: method)");
        }
        Content whole = in.addTo(begun.contents());
        return whole == null ? null : new AmqpServerEvent.Method(in.channel(), begun.method(), whole);
    }
}
