package dev.polywire.amqp.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.testing.Certificates;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the fixture can do with a RabbitMQ and with no other. */
@ExtendWith(Brokers.class)
@Timeout(180)
class RabbitBrokerIT {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private RabbitBroker broker;

    @BeforeEach
    void set(RabbitBroker broker) {
        this.broker = broker;
    }

    @Test
    void whatIsConfirmedSurvivesAKill() throws IOException {
        String queue = broker.unique("durable");
        try (PlainAmqp amqp = PlainAmqp.open(broker)) {
            int channel = amqp.channel();
            amqp.ask(channel, new QueueMethod.Declare(queue, false, true, false, false, false, Map.of()));
            publish(amqp, channel, queue);
            amqp.next(AmqpEvent.Confirmed.class);
            broker.sync();
            broker.kill();
            assertNull(amqp.next(), "no farewell");
        }
        broker.start();
        try (PlainAmqp amqp = PlainAmqp.open(broker)) {
            int channel = amqp.channel();
            amqp.ask(channel, new BasicMethod.Get(queue, true));
            amqp.ask(channel, new QueueMethod.Delete(queue, false, false, false));
        }
    }

    @Test
    void aStopIsSaid() throws IOException {
        try (PlainAmqp amqp = PlainAmqp.open(broker)) {
            broker.stop();
            assertEquals(320, amqp.next(AmqpEvent.Closed.class).reason().code());
        } finally {
            broker.start();
        }
    }

    @Test
    void anAlarmBlocksWhoPublishes() throws IOException {
        try (PlainAmqp amqp = PlainAmqp.open(broker)) {
            int channel = amqp.channel();
            broker.alarm(true);
            try {
                publish(amqp, channel, broker.unique("nowhere"));
                assertTrue(amqp.next(AmqpEvent.Blocked.class).reason().contains("memory"));
            } finally {
                broker.alarm(false);
            }
            amqp.next(AmqpEvent.Unblocked.class);
            amqp.next(AmqpEvent.Confirmed.class);
        }
    }

    @Test
    void closesConnections() throws IOException {
        try (PlainAmqp amqp = PlainAmqp.open(broker)) {
            broker.closeAllConnections("enough");
            assertTrue(amqp.next(AmqpEvent.Closed.class).reason().text().contains("enough"));
        }
    }

    @Test
    void aVirtualHostOfItsOwn() throws IOException {
        String host = broker.addVirtualHost(broker.unique("host"));
        SaslMechanism mechanism = SaslMechanism.amqplain(broker.user(), broker.password());
        try (PlainAmqp amqp =
                new PlainAmqp(new Socket(broker.host(), broker.port()), new AmqpClientOptions(host, mechanism))) {
            amqp.next(AmqpEvent.Opened.class);
            assertTrue(broker.ctl("list_queues", "-p", host).isBlank());
        }
    }

    @Test
    void aCertificateLetsIn() throws Exception {
        AmqpClientOptions options = new AmqpClientOptions(broker.virtualHost(), SaslMechanism.external());
        Socket tls = context(broker.certificates(), broker.clientCertificates())
                .getSocketFactory()
                .createSocket(broker.host(), broker.tlsEndpoint().port());
        try (PlainAmqp amqp = new PlainAmqp(tls, options)) {
            amqp.next(AmqpEvent.Opened.class);
            assertTrue(broker.ctl("list_connections", "user").contains(RabbitFiles.TLS_USER));
        }
    }

    private static void publish(PlainAmqp amqp, int channel, String queue) {
        amqp.ask(channel, new ConfirmMethod.Select(false));
        amqp.machine.publish(
                channel,
                new ContentMethod.Publish("", queue, false, false),
                new Content(BasicProperties.NONE.with(Property.DELIVERY_MODE, 2), Buffer.buffer("kept")));
    }

    private static SSLContext context(Certificates server, Certificates client) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setCertificateEntry("server", certificate(server));
        store.setKeyEntry("client", key(client), PASSWORD, new Certificate[] {certificate(client)});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Certificates files) throws Exception {
        try (InputStream pem = Files.newInputStream(Path.of(files.certificate()))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private static PrivateKey key(Certificates files) throws Exception {
        String pem = Files.readString(Path.of(files.key())).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
    }
}
