package dev.polywire.amqp.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.HostileAmqp;
import dev.polywire.amqp.wire.HostileAmqp.When;
import dev.polywire.core.net.CallException;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A01 to A37 on a socket: what ends the connection ends it with a typed failure, and the broker hears why. */
class AmqpHostileBrokerTest {

    private static final AmqpClientOptions OPTIONS = new AmqpClientOptions(
            "/",
            AmqpFixture.OPTIONS.mechanisms(),
            Map.of(),
            null,
            "en_US",
            0,
            new AmqpLimits(4_096, 100, 100_000, 400_000),
            10_000,
            3_000);

    private final AmqpFixture test = new AmqpFixture();
    private final ScriptedAmqp broker = test.broker;
    private final List<Integer> farewells = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        test.close();
    }

    static List<HostileAmqp.Row> ending() {
        return HostileAmqp.rows().filter(row -> row.code() != 0).toList();
    }

    static List<HostileAmqp.Row> harmless() {
        return HostileAmqp.rows().filter(row -> row.code() == 0).toList();
    }

    @ParameterizedTest
    @MethodSource("ending")
    void ends(HostileAmqp.Row row) {
        RuntimeException cause = attack(row);
        boolean limit = row.outcome().endsWith("LIMIT");
        if (limit && row.when() != When.CONSUMING) {
            assertEquals(
                    CallException.Reason.UNAVAILABLE,
                    assertInstanceOf(CallException.class, cause).reason());
        } else {
            ProtocolException violation = assertInstanceOf(ProtocolException.class, cause);
            assertEquals(limit ? ProtocolException.Kind.LIMIT : ProtocolException.Kind.FRAMING, violation.kind());
        }
        await().until(broker::isDown);
        // Before start-ok a server hears nothing: it may speak something else.
        assertEquals(row.when() == When.GREETED ? List.of() : List.of(row.code()), farewells);
    }

    private RuntimeException attack(HostileAmqp.Row row) {
        broker.tune = new ConnectionMethod.Tune(100, 4_096, 0);
        broker.script((peer, asked) -> spoil(row, peer, asked));
        AtomicReference<RuntimeException> end = new AtomicReference<>();
        if (row.when() == When.GREETED) {
            broker.greeting = row.bytes();
        }
        Future<AmqpConnection> dialled = test.dial(broker.endpoint(), OPTIONS);
        if (row.when() != When.CONSUMING) {
            return (RuntimeException) test.loop.failure(() -> dialled);
        }
        AmqpConnection connection = consume(dialled);
        test.loop.run(() -> connection.closeHandler(end::set));
        broker.peer().raw(row.bytes());
        await().until(() -> end.get() != null);
        return end.get();
    }

    private boolean spoil(HostileAmqp.Row row, ScriptedClient peer, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof ConnectionMethod.Close farewell) {
            farewells.add(farewell.replyCode());
        }
        boolean now = row.when() == When.AUTHENTICATING && asked.method() instanceof ConnectionMethod.StartOk;
        if (now) {
            peer.raw(row.bytes());
        }
        return now;
    }

    private AmqpConnection consume(Future<AmqpConnection> dialled) {
        AmqpConnection connection = Loop.await(dialled);
        test.ask(test.channel(connection), AmqpFixture.consume("ct"));
        return connection;
    }

    /** A34 among them: a body is bytes, whatever it says it is. */
    @ParameterizedTest
    @MethodSource("harmless")
    void goesOn(HostileAmqp.Row row) {
        broker.tune = new ConnectionMethod.Tune(100, 4_096, 0);
        broker.script((peer, asked) -> spoil(row, peer, asked));
        if (row.when() == When.GREETED) {
            broker.greeting = row.bytes();
        }
        Future<AmqpConnection> dialled = test.dial(broker.endpoint(), OPTIONS);
        AmqpConnection connection = Loop.await(dialled);
        AmqpChannel channel = test.channel(connection);
        AmqpFixture.Heard heard = test.listen(channel);
        test.ask(channel, AmqpFixture.consume("ct"));
        if (row.when() == When.CONSUMING) {
            broker.peer().raw(row.bytes());
            await().until(() -> heard.events.size() == 1);
        }
        test.ask(channel, AmqpFixture.declare("q"));
        assertTrue(farewells.isEmpty());
    }
}
