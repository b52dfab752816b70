package dev.polywire.amqp.client;

import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Loop;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;

/** A broker in the test's hands, which writes down what it was asked. */
final class ScriptedAmqp implements ScriptedBroker.Script {

    private static final Map<String, Object> CAPABILITIES =
            Map.of("publisher_confirms", true, "exchange_exchange_bindings", true, "basic.nack", true);

    /** All that was asked of it, heartbeats too, as it came: {@code 1 queue.declare}, with the channel's number. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final int port;
    volatile ConnectionMethod.Tune tune = ScriptedBroker.TUNE;
    volatile String mechanisms = "PLAIN EXTERNAL";
    /** Instead of {@code connection.start}. */
    volatile Buffer greeting;

    private final Loop loop;
    private volatile ScriptedClient peer;
    private volatile boolean down;
    private volatile BiPredicate<ScriptedClient, AmqpServerEvent.Method> script = (peer, asked) -> false;

    ScriptedAmqp(Loop loop, EndpointOptions endpoint) {
        this.loop = loop;
        this.port = loop.join(() -> new ScriptedBroker(loop.vertx(), endpoint, this).listen());
    }

    ScriptedAmqp(Loop loop) {
        this(loop, EndpointOptions.of("127.0.0.1", 0));
    }

    EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", port);
    }

    /** @param script true: it has answered itself, or never will */
    ScriptedAmqp script(BiPredicate<ScriptedClient, AmqpServerEvent.Method> script) {
        this.script = script;
        return this;
    }

    /** The last client. */
    ScriptedClient peer() {
        return peer;
    }

    /** Whether the last client has gone. */
    boolean isDown() {
        return down;
    }

    /** What is said in one turn is one write. */
    void say(Runnable words) {
        loop.run(words);
    }

    void say(int channel, AmqpMethod method) {
        say(() -> peer.send(channel, method));
    }

    @Override
    public boolean greeted(ScriptedClient client) {
        peer = client;
        down = false;
        asked.add("header");
        if (greeting == null) {
            client.send(
                    0,
                    new ConnectionMethod.Start(
                            0,
                            9,
                            Map.of("product", "Test", "capabilities", CAPABILITIES),
                            Buffer.buffer(mechanisms),
                            Buffer.buffer("en_US")));
        } else {
            client.raw(greeting);
        }
        return true;
    }

    @Override
    public boolean asked(ScriptedClient client, AmqpServerEvent.Method question) {
        asked.add(question.channel() + " " + question.method().name());
        if (script.test(client, question)) {
            return true;
        }
        boolean login = question.method() instanceof ConnectionMethod.StartOk;
        if (login) {
            client.send(0, tune);
        }
        return login;
    }

    @Override
    public void heartbeat(ScriptedClient client) {
        asked.add("heartbeat");
    }

    @Override
    public void closed(ScriptedClient client, RuntimeException cause) {
        down = client == peer;
    }
}
