package dev.polywire.amqp.wire;

import dev.polywire.amqp.wire.ConnectionTransitions.Input;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a connection and its channels: login, limits and heartbeats by itself, then any number of channels
 * with any number of requests on each.
 *
 * <pre>
 *   start ............. header, start-ok, tune-ok, open ..... Opened | Refused
 *   openChannel ....... channel.open ........................ ChannelOpened | ChannelClosed
 *   send .............. any request ......................... Reply, by its number
 *   publish ........... basic.publish and its content ....... Returned*, Confirmed
 *                       basic.deliver and its content ....... Delivery
 *   closeChannel ...... channel.close ....................... ChannelClosed
 *   close ............. connection.close .................... Closed
 * </pre>
 *
 * <p>A reply names its request, so a late reply is never taken for another one. The machine answers close, flow and cancel
 * of the server. {@link AmqpEvent.ChannelClosed} and {@link AmqpEvent.Closed} end all their requests.
 *
 * <p>A {@link ProtocolException} out of {@link #nextEvent} or {@link #tick} leaves it in {@link ConnectionState#FAILED} with
 * a {@code connection.close} to send, if the server can receive it. Thrown by any other method it does not: nothing is
 * sent, and the machine continues. It also continues after an {@link IllegalArgumentException}, for a value that AMQP
 * cannot carry, and an {@link IllegalStateException}, for a call that the state does not allow.
 */
public final class AmqpClientMachine extends TimedMachine<AmqpEvent, AmqpClientMachine.Timer> {

    enum Timer {
        /** The opening or closing handshake must be complete. */
        HANDSHAKE,
        /** The server must have sent something. */
        DEAD,
        /** Check whether a heartbeat must be sent. */
        LOOK
    }

    /** The frame size before limits are negotiated: RabbitMQ's, from 4.1 on. Older versions accept half of it. */
    static final int UNTUNED_FRAME_BYTES = 8 * 1024;

    private final AmqpClientOptions options;
    private final Handshake handshake;
    private final FrameInput in;
    private final FrameWriter out;
    private final Channels channels = new Channels();
    private final Heartbeats heartbeats;
    /** Requests of the connection itself, of one kind: {@code update-secret}. */
    private final ArrayDeque<Long> pending = new ArrayDeque<>();

    private ConnectionState state = ConnectionState.CONNECTED;
    private ServerInfo server = ServerInfo.unknown();
    private Tuning tuning = new Tuning(1, UNTUNED_FRAME_BYTES, 0);
    private CloseReason wanted = CloseReason.ours(ReplyCode.REPLY_SUCCESS.code(), "");
    private long nextRequest = 1;
    private long nowMillis;

    public AmqpClientMachine(AmqpClientOptions options, FrameTap tap) {
        this(options, tap, new FrameWriter(UNTUNED_FRAME_BYTES, tap));
    }

    private AmqpClientMachine(AmqpClientOptions options, FrameTap tap, FrameWriter out) {
        super(out, tap, new Timers<>(Timer.class));
        this.options = options;
        this.handshake = new Handshake(options);
        this.in = new FrameInput(AmqpLimits.DEFAULT_MAX_FRAME_BYTES, options.limits(), tap);
        this.out = out;
        this.heartbeats = new Heartbeats(timers);
    }

    @Override
    public void start(long nowMillis) {
        state = require(Input.WE_START, "start");
        out.raw("protocol header", ProtocolHeader.V0_9_1.write());
        timers.set(Timer.HANDSHAKE, nowMillis + options.handshakeTimeoutMillis());
    }

    /**
     * Opens a channel with a free number.
     *
     * @return its number; the channel is usable after {@link AmqpEvent.ChannelOpened}
     * @throws ProtocolException LIMIT when all channels are in use
     */
    public int openChannel() {
        require(Input.CHANNEL, "channel.open");
        int number = channels.free();
        channels.put(number, new ChannelMachine(number, out, in.assembler()));
        return number;
    }

    /**
     * Sends a method without content that opens or closes no channel or connection.
     *
     * @return the number of the request, which increases by one; {@link AmqpEvent.Reply} has it, if one comes
     * @throws ProtocolException LIMIT when it does not fit into a frame
     */
    public long send(int channel, AmqpMethod method) {
        require(Input.CHANNEL, method.name());
        ClientMethods.check(method, server);
        channel(channel).send(method, nextRequest);
        return nextRequest++;
    }

    /**
     * Sends a message. Its body is kept until it is written, and must not change.
     *
     * @return with {@code confirm.select} before it, its number on the channel, from 1 on; without, 0
     * @throws ProtocolException LIMIT when the properties do not fit into a frame, or far too many publishes wait
     */
    public long publish(int channel, ContentMethod.Publish method, Content content) {
        require(Input.CHANNEL, "basic.publish");
        return channel(channel).publish(method, content);
    }

    /** Sends a fresh token ({@code connection.update-secret}); the number of the request, as {@link #send}. */
    public long updateSecret(Buffer newSecret, String reason) {
        state = require(Input.WE_UPDATE_SECRET, "connection.update-secret");
        out.method(0, new ConnectionMethod.UpdateSecret(newSecret, reason));
        pending.add(nextRequest);
        return nextRequest++;
    }

    /** Closes a channel that is opening or open. Its number is not used again before the server has answered. */
    public void closeChannel(int channel, int code, String text) {
        require(Input.CHANNEL, "channel.close");
        channel(channel).close(code, text);
    }

    /** Closes the connection: at once before it is open, else with {@code connection.close}. */
    public void close(int code, String text, long nowMillis) {
        ConnectionState next = require(Input.WE_CLOSE, "connection.close");
        if (next == ConnectionState.CLOSING) {
            out.method(0, new ConnectionMethod.Close(code, text, 0, 0));
            wanted = CloseReason.ours(code, text);
            timers.set(Timer.HANDSHAKE, nowMillis + options.closeTimeoutMillis());
        } else {
            finish();
        }
        state = next;
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        in.receive(bytes);
        heartbeats.heard(nowMillis);
        this.nowMillis = nowMillis;
    }

    @Override
    protected @Nullable AmqpEvent next() {
        try {
            while (!state.isFinal() && !isAnotherProtocol() && in.next()) {
                AmqpEvent event = event();
                if (event != null) {
                    return event;
                }
            }
            return null;
        } catch (ProtocolException bad) {
            throw failed(Violation.of(bad));
        } catch (Violation violation) {
            throw failed(violation);
        } finally {
            finishIfFinal();
        }
    }

    @Override
    protected void due(Timer timer, long nowMillis) {
        switch (timer) {
            case HANDSHAKE ->
                throw state == ConnectionState.CLOSING
                        ? late("close: no answer", options.closeTimeoutMillis())
                        : late("handshake: no answer", options.handshakeTimeoutMillis());
            case DEAD -> throw late("server: no sign of life", heartbeats.deadMillis());
            case LOOK -> {
                heartbeats.looked(nowMillis);
                if (!out.takeSent()) {
                    out.heartbeat();
                    out.takeSent();
                }
                out.rest();
            }
        }
    }

    @Override
    public void hold(boolean held, long nowMillis) {
        heartbeats.hold(held, nowMillis);
    }

    @Override
    protected Intake intake() {
        return in;
    }

    public ConnectionState state() {
        return state;
    }

    /** The channel of the frame that broke the protocol; -1 if unknown. */
    public int brokenChannel() {
        return in.reading();
    }

    /** The state of a channel; for a free number it is {@link ChannelState#CLOSED}. */
    public ChannelState channelState(int channel) {
        ChannelMachine found = channels.get(channel);
        return found == null ? ChannelState.CLOSED : found.state();
    }

    /** How many requests of a channel have no answer yet. */
    public int pendingRequests(int channel) {
        ChannelMachine found = channels.get(channel);
        return found == null ? 0 : found.pendingRequests();
    }

    /** Instead of {@code start} a server may send the protocol header of its version. */
    private boolean isAnotherProtocol() {
        int first = state == ConnectionState.HEADER_SENT ? in.peek() : -1;
        if (first < 0 || first == FrameReader.METHOD) {
            return false;
        }
        Buffer header = in.header();
        if (header == null) {
            return true;
        }
        throw ProtocolException.framing(
                "server: speaks " + ProtocolHeader.read(header) + " (expected: " + ProtocolHeader.V0_9_1 + ")");
    }

    private @Nullable AmqpEvent event() {
        if (in.type() == FrameReader.HEARTBEAT) {
            heartbeat();
            return null;
        }
        AmqpMethod method = in.type() == FrameReader.METHOD ? in.method() : null;
        if (in.channel() == 0) {
            return connection(method);
        }
        state = expect(Input.CHANNEL, "frame of a channel");
        return state == ConnectionState.CLOSING ? null : channel(method);
    }

    /** Handles a frame on a channel; without a method it is part of a content. */
    private @Nullable AmqpEvent channel(@Nullable AmqpMethod method) {
        int number = in.channel();
        ChannelMachine channel = channels.get(number);
        if (channel == null) {
            throw new Violation(ReplyCode.CHANNEL_ERROR, "channel " + number + ": not open (expected: an open one)");
        }
        AmqpEvent event = method == null ? channel.content(in) : channel.method(method);
        if (channel.state() == ChannelState.CLOSED) {
            channels.put(number, null);
        }
        return event;
    }

    private void heartbeat() {
        if (in.channel() != 0 || in.size() != 0) {
            throw new Violation(
                    ReplyCode.FRAME_ERROR,
                    "heartbeat: channel " + in.channel() + ", " + in.size() + " bytes (expected: channel 0, none)");
        }
        state = expect(Input.HEARTBEAT, "heartbeat");
    }

    private @Nullable AmqpEvent connection(@Nullable AmqpMethod method) {
        if (method == null) {
            throw new Violation(ReplyCode.UNEXPECTED_FRAME, in.name() + " on channel 0 (expected: another)");
        }
        Input input = ClientMethods.input(method);
        if (input == null) {
            throw new Violation(ReplyCode.COMMAND_INVALID, method.name() + " on channel 0 (expected: another)");
        }
        ConnectionState before = state;
        state = expect(input, method.name());
        if (method instanceof ConnectionMethod.Start start) {
            return started(start);
        } else if (method instanceof ConnectionMethod.Close close) {
            return closed(close, before);
        } else if (method instanceof ConnectionMethod.Secure secure) {
            out.method(0, handshake.answer(secure));
        } else if (method instanceof ConnectionMethod.Tune tune) {
            tuned(Tuning.of(options, tune));
        } else if (method instanceof ConnectionMethod.OpenOk) {
            timers.stop(Timer.HANDSHAKE);
            return new AmqpEvent.Opened(server, tuning);
        } else if (method instanceof ConnectionMethod.Blocked blocked) {
            return new AmqpEvent.Blocked(blocked.reason());
        } else if (method instanceof ConnectionMethod.Unblocked) {
            return new AmqpEvent.Unblocked();
        } else if (method instanceof ConnectionMethod.UpdateSecretOk) {
            return new AmqpEvent.Reply(0, secretUpdated(), method, null);
        } else if (method instanceof ConnectionMethod.CloseOk) {
            return new AmqpEvent.Closed(wanted);
        }
        return null;
    }

    private @Nullable AmqpEvent started(ConnectionMethod.Start start) {
        server = ServerInfo.of(start);
        CloseReason refusal = handshake.refuses(start);
        if (refusal != null) {
            state = require(Input.WE_REFUSE, "refusal");
            return new AmqpEvent.Refused(refusal);
        }
        out.method(0, handshake.answer());
        return null;
    }

    private void tuned(Tuning agreed) {
        tuning = agreed;
        out.method(0, agreed.answer());
        in.limit(agreed.maxFrameBytes());
        out.limit(agreed.maxFrameBytes());
        channels.limit(agreed.maxChannels());
        heartbeats.begin(agreed.heartbeatSeconds(), nowMillis);
        out.method(0, new ConnectionMethod.Open(options.virtualHost()));
    }

    private long secretUpdated() {
        Long request = pending.poll();
        if (request == null) {
            throw new Violation(ReplyCode.COMMAND_INVALID, "update-secret-ok: not asked for (expected: another)");
        }
        return request;
    }

    private AmqpEvent closed(ConnectionMethod.Close close, ConnectionState before) {
        boolean wasIn = before == ConnectionState.OPEN || before == ConnectionState.CLOSING;
        out.method(0, new ConnectionMethod.CloseOk());
        CloseReason reason = CloseReason.of(close);
        return wasIn ? new AmqpEvent.Closed(reason) : new AmqpEvent.Refused(reason);
    }

    /** The peer has closed. During login this is a refusal, unless the server has said that it gives a reason. */
    @Override
    protected @Nullable AmqpEvent ended() {
        boolean login = state == ConnectionState.AUTHENTICATING && !server.explainsRefusals();
        state = expect(Input.PEER_CLOSED, "end");
        finish();
        return login
                ? new AmqpEvent.Refused(
                        new CloseReason(true, ReplyCode.ACCESS_REFUSED.code(), "connection closed during login", 0, 0))
                : null;
    }

    private ProtocolException failed(Violation violation) {
        if (state != ConnectionState.CONNECTED && state != ConnectionState.HEADER_SENT) {
            out.method(0, violation.farewell());
        }
        state = ConnectionState.FAILED;
        return violation.forCaller();
    }

    private void finishIfFinal() {
        if (state.isFinal()) {
            finish();
        }
    }

    private ProtocolException late(String what, long limitMillis) {
        state = ConnectionState.FAILED;
        return ProtocolException.silence(what + " (expected: within " + limitMillis + " ms)");
    }

    private ChannelMachine channel(int number) {
        ChannelMachine channel = channels.get(number);
        if (channel == null) {
            throw new IllegalStateException("channel " + number + ": not open");
        }
        return channel;
    }

    private ConnectionState require(Input input, String what) {
        ConnectionState next = ConnectionTransitions.next(state, input);
        // Frames of channels may still come while we close, but none is sent.
        if (next == null || input == Input.CHANNEL && state != ConnectionState.OPEN) {
            throw new IllegalStateException(what + " in state " + state);
        }
        return next;
    }

    private ConnectionState expect(Input input, String what) {
        ConnectionState next = ConnectionTransitions.next(state, input);
        if (next == null) {
            throw new Violation(ReplyCode.COMMAND_INVALID, what + " in state " + state + " (expected: another)");
        }
        return next;
    }
}
