package dev.polywire.amqp.client;

import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code amqps}: who the broker is, and who we are. */
class AmqpTlsTest {

    private static final AmqpClientOptions EXTERNAL = new AmqpClientOptions("/", SaslMechanism.external());

    private final AmqpFixture test = new AmqpFixture();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        test.close();
    }

    private ScriptedAmqp broker(Certificates own, String trust) {
        return new ScriptedAmqp(
                test.loop,
                new EndpointOptions("127.0.0.1", 0, 10_000, new TlsOptions(trust, own.certificate(), own.key(), true)));
    }

    private static EndpointOptions with(ScriptedAmqp broker, TlsOptions tls) {
        return new EndpointOptions("127.0.0.1", broker.port, 10_000, tls);
    }

    @Test
    void ourCertificateSaysWhoWeAre() {
        Certificates own = Certificates.make(directory, "broker", "ip:127.0.0.1");
        Certificates ours = Certificates.make(directory, "client", "dns:client");
        ScriptedAmqp broker = broker(own, ours.certificate());
        List<String> mechanisms = new CopyOnWriteArrayList<>();
        broker.script((peer, asked) -> keep(mechanisms, asked));
        TlsOptions mutual = new TlsOptions(own.certificate(), ours.certificate(), ours.key(), true);
        AmqpConnection connection = Loop.await(test.dial(with(broker, mutual), EXTERNAL));
        assertEquals(1, test.channel(connection).number());
        assertEquals(List.of("EXTERNAL"), mechanisms);
        Future<AmqpConnection> nobody =
                test.dial(with(broker, new TlsOptions(own.certificate(), null, null, true)), EXTERNAL);
        assertEquals(UNAUTHENTICATED, test.reason(nobody));
    }

    private static boolean keep(List<String> mechanisms, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof ConnectionMethod.StartOk ok) {
            mechanisms.add(ok.mechanism());
        }
        return false;
    }

    /** F06: no credentials go to one that is not who we dialled. */
    @Test
    void f06ForAnotherHost() {
        Certificates own = Certificates.make(directory, "broker", "dns:elsewhere");
        ScriptedAmqp broker = broker(own, null);
        TlsOptions strict = new TlsOptions(own.certificate(), null, null, true);
        Future<AmqpConnection> dialled = test.dial(with(broker, strict), AmqpFixture.OPTIONS);
        CallException refused = assertInstanceOf(CallException.class, test.loop.failure(() -> dialled));
        assertEquals(UNAUTHENTICATED, refused.reason());
        assertEquals(List.of(), broker.asked);
        TlsOptions lax = new TlsOptions(own.certificate(), null, null, false);
        Loop.await(test.dial(with(broker, lax), AmqpFixture.OPTIONS));
    }
}
