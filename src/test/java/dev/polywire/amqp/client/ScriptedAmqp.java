package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.AmqpServerMachine;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.testing.Loop;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;

/** A broker in the test's hands. What the script leaves to it succeeds; publishes are confirmed one by one. */
final class ScriptedAmqp {

    static final Map<String, Object> CAPABILITIES =
            Map.of("publisher_confirms", true, "exchange_exchange_bindings", true, "basic.nack", true);

    /** All that was asked of it, heartbeats too, as it came: {@code 1 queue.declare}, with the channel's number. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<Peer> peers = new CopyOnWriteArrayList<>();
    final int port;
    volatile ConnectionMethod.Tune tune = new ConnectionMethod.Tune(2_047, 131_072, 0);
    volatile String mechanisms = "PLAIN EXTERNAL";
    /** Instead of {@code connection.start}. */
    volatile Buffer greeting;

    private final EndpointOptions endpoint;
    private final Loop loop;
    private volatile BiPredicate<Peer, AmqpServerEvent.Asked> script = (peer, asked) -> false;

    /** One client. */
    final class Peer implements MachineSocket.Listener<AmqpServerEvent> {

        final AmqpServerMachine machine = new AmqpServerMachine(AmqpLimits.DEFAULT, FrameTap.NONE);
        volatile RuntimeException closed;
        volatile boolean down;
        private final Map<Integer, Long> publishes = new HashMap<>();
        private MachineSocket<AmqpServerEvent> socket;

        /** A reset, not a farewell. */
        void kill() {
            loop.run(() -> socket.abort(new CallException(CallException.Reason.CONNECTION_LOST, "killed by the test")));
        }

        void pause() {
            loop.run(socket::pause);
        }

        void resume() {
            loop.run(socket::resume);
        }

        /** What is said in one turn is one write. */
        void say(Runnable words) {
            loop.run(() -> {
                words.run();
                socket.flush();
            });
        }

        void say(int channel, AmqpMethod method) {
            say(() -> machine.send(channel, method));
        }

        void raw(Buffer bytes) {
            say(() -> machine.raw(bytes));
        }

        @Override
        public void event(AmqpServerEvent event) {
            if (event instanceof AmqpServerEvent.Asked question) {
                asked.add(question.channel() + " " + question.method().name());
                if (!script.test(this, question)) {
                    answer(question.channel(), question.method());
                }
            } else if (event instanceof AmqpServerEvent.Header) {
                asked.add("header");
                if (greeting == null) {
                    machine.send(0, start());
                } else {
                    machine.raw(greeting);
                }
            } else {
                asked.add("heartbeat");
            }
            socket.flush();
        }

        @Override
        public void closed(RuntimeException cause) {
            closed = cause;
            down = true;
        }

        void answer(int channel, AmqpMethod request) {
            if (request instanceof ContentMethod.Publish && publishes.containsKey(channel)) {
                machine.send(channel, new BasicMethod.Ack(publishes.merge(channel, 1L, Long::sum), false));
                return;
            }
            AmqpMethod reply = reply(request);
            if (request instanceof ConfirmMethod.Select) {
                publishes.put(channel, 0L);
            }
            if (reply != null) {
                machine.send(channel, reply);
            }
        }

        private AmqpMethod reply(AmqpMethod request) {
            if (request instanceof QueueMethod.Declare declare) {
                return new QueueMethod.DeclareOk(declare.queue(), 0, 0);
            } else if (request instanceof BasicMethod.Consume consume) {
                return new BasicMethod.ConsumeOk(consume.consumerTag());
            } else if (request instanceof BasicMethod.Cancel cancel) {
                return new BasicMethod.CancelOk(cancel.consumerTag());
            }
            return switch (request.id()) {
                case ConnectionMethod.StartOk.ID -> tune;
                case ConnectionMethod.Open.ID -> new ConnectionMethod.OpenOk();
                case ConnectionMethod.Close.ID -> new ConnectionMethod.CloseOk();
                case ConnectionMethod.UpdateSecret.ID -> new ConnectionMethod.UpdateSecretOk();
                case ChannelMethod.Open.ID -> new ChannelMethod.OpenOk();
                case ChannelMethod.Close.ID -> new ChannelMethod.CloseOk();
                case ExchangeMethod.Declare.ID -> new ExchangeMethod.DeclareOk();
                case QueueMethod.Bind.ID -> new QueueMethod.BindOk();
                case BasicMethod.Qos.ID -> new BasicMethod.QosOk();
                case BasicMethod.Get.ID -> new BasicMethod.GetEmpty();
                case ConfirmMethod.Select.ID -> new ConfirmMethod.SelectOk();
                default -> null;
            };
        }
    }

    ScriptedAmqp(Loop loop, EndpointOptions endpoint) {
        this.loop = loop;
        Acceptor acceptor = new Acceptor(loop.vertx(), endpoint, "amqp", Spi.NONE);
        this.port = loop.join(() -> acceptor.listen(accepted -> {
            Peer peer = new Peer();
            peer.socket = accepted.attach(peer.machine, peer);
            peers.add(peer);
        }));
        this.endpoint = EndpointOptions.of("127.0.0.1", port);
    }

    ScriptedAmqp(Loop loop) {
        this(loop, EndpointOptions.of("127.0.0.1", 0));
    }

    /** @param script true: it has answered itself, or never will */
    ScriptedAmqp script(BiPredicate<Peer, AmqpServerEvent.Asked> script) {
        this.script = script;
        return this;
    }

    /** The last client. */
    Peer peer() {
        return peers.get(peers.size() - 1);
    }

    EndpointOptions endpoint() {
        return endpoint;
    }

    private ConnectionMethod.Start start() {
        return new ConnectionMethod.Start(
                0,
                9,
                Map.of("product", "Test", "capabilities", CAPABILITIES),
                Buffer.buffer(mechanisms),
                Buffer.buffer("en_US"));
    }
}
