package dev.polywire.calls;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Requests on a channel of AMQP: a queue is declared, or looked for. */
class AmqpSide extends Side<AmqpConnection> {

    static final int MAX_FRAME_BYTES = AmqpLimits.LEAST_MAX_FRAME_BYTES;

    private static final AmqpLimits LIMITS = new AmqpLimits(MAX_FRAME_BYTES, 10, 10_000, 10_000);

    private final BlockingQueue<Asked> coming = new LinkedBlockingQueue<>();
    private final ArrayDeque<Asked> held = new ArrayDeque<>();
    private final int port =
            loop.join(() -> new ScriptedBroker(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), this::asked).listen());
    private volatile ScriptedClient peer;
    private AmqpChannel channel;
    private AmqpChannel another;

    /** @param publish its number, if it is one */
    record Asked(AmqpServerEvent.Method request, long publish) {}

    AmqpSide() {
        super("amqp");
    }

    /** All but what the table is about is answered as usual. */
    private boolean asked(ScriptedClient client, AmqpServerEvent.Method request) {
        peer = client;
        boolean holds =
                request.method() instanceof QueueMethod.Declare || request.method() instanceof ContentMethod.Publish;
        if (holds) {
            coming.add(new Asked(request, client.published(request.channel())));
        }
        return holds;
    }

    @Override
    EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", port);
    }

    @Override
    Future<AmqpConnection> dial(Dialer dialer, long handshakeTimeoutMillis) {
        AmqpClientOptions options = new AmqpClientOptions(
                "/",
                List.of(SaslMechanism.plain("alice", "secret")),
                Map.of(),
                null,
                "en_US",
                0,
                LIMITS,
                handshakeTimeoutMillis,
                1_000);
        return AmqpConnection.connect(dialer, options);
    }

    @Override
    void prepare() {
        channel = loop.join(() -> connection().openChannel(longDeadline()));
        another = loop.join(() -> connection().openChannel(longDeadline()));
    }

    /** A command that comes when no millisecond is left is not sent, and turns of the loop have been longer than that. */
    @Override
    long shortMillis() {
        return 100;
    }

    @Override
    Future<String> reading(String name, Deadline deadline) {
        return declare(channel, name, true, Map.of(), deadline);
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return declare(channel, name, false, Map.of(), deadline);
    }

    @Override
    Future<String> beside(String name, Deadline deadline) {
        return declare(another, name, true, Map.of(), deadline);
    }

    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        return declare(channel, name, false, Map.of("long", "x".repeat(MAX_FRAME_BYTES)), deadline);
    }

    @Override
    Future<String> unwritable(String name, Deadline deadline) {
        return declare(channel, name, false, Map.of("none", new Object()), deadline);
    }

    @Override
    Future<String> outOfTurn(String name, Deadline deadline) {
        return channel.send(new ChannelMethod.Open(), deadline).map(name);
    }

    private static Future<String> declare(
            AmqpChannel on, String queue, boolean passive, Map<String, Object> arguments, Deadline deadline) {
        AmqpMethod declare = new QueueMethod.Declare(queue, passive, false, false, false, false, arguments);
        return on.send(declare, deadline).map(answer -> ((QueueMethod.DeclareOk) answer).queue());
    }

    @Override
    String hear() {
        Asked next = poll(coming);
        held.add(next);
        return name(next.request().method());
    }

    String name(AmqpMethod method) {
        return ((QueueMethod.Declare) method).queue();
    }

    @Override
    void answer() {
        peer.answer(oldest().request());
    }

    /** A {@code queue.declare-ok} that ends behind its number. */
    @Override
    void breakFraming() {
        breakFraming(QueueMethod.DeclareOk.ID);
    }

    void breakFraming(int method) {
        peer.raw(Buffer.buffer()
                .appendByte((byte) 1)
                .appendUnsignedShort(channel.number())
                .appendInt(4)
                .appendInt(method)
                .appendByte((byte) 0xce));
    }

    @Override
    void cutOff() {
        peer.raw(Buffer.buffer().appendByte((byte) 1).appendUnsignedShort(channel.number()));
        peer.close();
    }

    @Override
    void drop() {
        peer.abort();
    }

    @Override
    long lateAnswers() {
        return channel.lateAnswers();
    }

    final AmqpChannel channel() {
        return channel;
    }

    final ScriptedClient peer() {
        return peer;
    }

    final Asked oldest() {
        return held.remove();
    }
}
