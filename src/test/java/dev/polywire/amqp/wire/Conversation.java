package dev.polywire.amqp.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A client machine and a server machine with nothing between them, on a clock that is a number. */
final class Conversation {

    static final Map<String, Object> CAPABILITIES =
            Map.of("publisher_confirms", true, "exchange_exchange_bindings", true, "basic.nack", true);
    static final Map<String, Object> SERVER = Map.of("product", "Test", "version", "1.2", "capabilities", CAPABILITIES);
    static final ConnectionMethod.Tune TUNE = new ConnectionMethod.Tune(2_047, 131_072, 60);

    final AmqpClientMachine client;
    final AmqpServerMachine server;
    /** What the client heard, and what the server was asked beyond the handshake. */
    final List<AmqpEvent> heard = new ArrayList<>();

    final List<AmqpServerEvent> asked = new ArrayList<>();
    long nowMillis = 5_000;
    private ConnectionMethod.Tune tune = TUNE;

    Conversation(AmqpClientOptions options, FrameTap clientTap, FrameTap serverTap) {
        client = new AmqpClientMachine(options, clientTap);
        server = new AmqpServerMachine(AmqpLimits.DEFAULT, serverTap);
    }

    Conversation(AmqpClientOptions options) {
        this(options, FrameTap.NONE, FrameTap.NONE);
    }

    static AmqpClientOptions options() {
        return new AmqpClientOptions("/", SaslMechanism.plain("guest", "guest"));
    }

    static AmqpClientOptions options(AmqpLimits limits, int heartbeatSeconds, SaslMechanism... mechanisms) {
        return new AmqpClientOptions(
                "/",
                List.of(mechanisms),
                Map.of("product", "x"),
                "name",
                "en_US",
                heartbeatSeconds,
                limits,
                1_000,
                500);
    }

    static ConnectionMethod.Start start(String mechanisms, String locales) {
        return new ConnectionMethod.Start(0, 9, SERVER, Buffer.buffer(mechanisms), Buffer.buffer(locales));
    }

    /** Connected and logged in, and nothing else was said. */
    static Conversation open() {
        return new Conversation(options()).tune(TUNE).login();
    }

    Conversation tune(ConnectionMethod.Tune tune) {
        this.tune = tune;
        return this;
    }

    Conversation login() {
        client.start(nowMillis);
        move();
        if (client.state() != ConnectionState.OPEN) {
            throw new AssertionError(client.state() + " " + heard);
        }
        heard.clear();
        return this;
    }

    /** A channel that is open. */
    int channel() {
        int channel = client.openChannel();
        move();
        server(channel, new ChannelMethod.OpenOk());
        asked.clear();
        heard.clear();
        return channel;
    }

    /** The server says something, and the client hears it. */
    Conversation server(int channel, AmqpMethod method) {
        server.send(channel, method);
        return move();
    }

    Conversation server(int channel, ContentMethod method, Content content) {
        server.send(channel, method, content);
        return move();
    }

    Conversation raw(String hex) {
        server.raw(Vectors.bytes(hex));
        return move();
    }

    Conversation move() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Buffer bytes = client.takeOutput(); bytes != null; bytes = client.takeOutput()) {
                server.receive(bytes, nowMillis);
                moved = true;
            }
            for (AmqpServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
                answer(event);
            }
            for (Buffer bytes = server.takeOutput(); bytes != null; bytes = server.takeOutput()) {
                client.receive(bytes, nowMillis);
                moved = true;
            }
            for (AmqpEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
                heard.add(event);
            }
        }
        return this;
    }

    /** What the client heard since the last time, one line, and what the server was asked. */
    String heard() {
        return text(heard);
    }

    String asked() {
        return text(asked);
    }

    private static String text(List<?> events) {
        String text = events.stream().map(Conversation::text).collect(Collectors.joining(", "));
        events.clear();
        return text;
    }

    private static String text(Object event) {
        if (event instanceof AmqpServerEvent.Method asked) {
            return asked.channel() + " " + asked.method().name();
        } else if (event instanceof AmqpEvent.Reply reply) {
            return reply.channel() + " " + reply.request() + " "
                    + reply.method().name();
        } else if (event instanceof AmqpEvent.ChannelClosed closed) {
            return closed.channel() + " closed " + closed.reason().code();
        } else if (event instanceof AmqpEvent.Delivery delivery) {
            return delivery.channel() + " delivery " + delivery.method().deliveryTag() + " "
                    + delivery.content().body();
        }
        return event instanceof Record ? event.toString() : event.getClass().getSimpleName();
    }

    private void answer(AmqpServerEvent event) {
        if (event instanceof AmqpServerEvent.Header) {
            server.send(0, start("PLAIN AMQPLAIN", "en_US"));
        } else if (event instanceof AmqpServerEvent.Method ask && ask.method() instanceof ConnectionMethod.StartOk) {
            server.send(0, tune);
        } else if (event instanceof AmqpServerEvent.Method ask && ask.method() instanceof ConnectionMethod.Open) {
            server.send(0, new ConnectionMethod.OpenOk());
        } else if (!(event instanceof AmqpServerEvent.Method ask && ask.method() instanceof ConnectionMethod.TuneOk)) {
            asked.add(event);
        }
    }
}
