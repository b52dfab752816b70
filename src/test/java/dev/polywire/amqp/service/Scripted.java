package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Loop;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A scripted broker where the tests of the service have a real one. Knows which connection publishes. */
final class Scripted implements Broker, AutoCloseable {

    /** All that it was asked. */
    final List<AmqpServerEvent.Method> asked = new CopyOnWriteArrayList<>();

    private final Loop serving = new Loop();
    private final ScriptedBroker.Script script;
    /** By {@code publish} and {@code consume}: the connection of now. */
    private final Map<String, ScriptedClient> clients = new ConcurrentHashMap<>();

    private final int port;

    /** Obliges. */
    Scripted() {
        this((client, asked) -> false);
    }

    Scripted(ScriptedBroker.Script script) {
        this(null, script);
    }

    Scripted(@Nullable TlsOptions tls, ScriptedBroker.Script script) {
        this.script = script;
        this.port = serving.join(
                () -> new ScriptedBroker(serving.vertx(), new EndpointOptions("127.0.0.1", 0, 10_000, tls), this::hear)
                        .listen());
    }

    ScriptedClient publishing() {
        return await().until(() -> clients.get("publish"), client -> client != null);
    }

    ScriptedClient consuming() {
        return await().until(() -> clients.get("consume"), client -> client != null);
    }

    /** What it was asked of one kind. */
    <T> List<T> asked(Class<T> method) {
        return asked.stream()
                .map(AmqpServerEvent.Method::method)
                .filter(method::isInstance)
                .map(method::cast)
                .toList();
    }

    private boolean hear(ScriptedClient client, AmqpServerEvent.Method one) {
        if (one.method() instanceof ConnectionMethod.StartOk ok) {
            String name = String.valueOf(ok.clientProperties().get("connection_name"));
            clients.put(name.substring(name.indexOf('(') + 1, name.indexOf(')')), client);
        }
        asked.add(one);
        return script.asked(client, one);
    }

    @Override
    public String name() {
        return "Scripted";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Set<Feature> lacks() {
        return EnumSet.of(Feature.DURABILITY, Feature.KILL);
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        close();
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void close() {
        serving.close();
    }
}
