package dev.polywire.app.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.LoopbackNode;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.spi.cluster.NodeInfo;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ClusteringTest {

    /** What refused strangers cause. Kept, because the JDK forgets the level of a logger that nobody holds. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("com.hazelcast"), Logger.getLogger("io.vertx.core.eventbus.impl.clustered"));

    @TempDir
    static Path directory;

    private static ClusterOptions.Tls ours;
    private static ClusterOptions.Tls strange;

    private final String name = "polywire-" + UUID.randomUUID();
    private final List<Clustering> nodes = new ArrayList<>();

    @BeforeAll
    static void certificates() {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
        LoopbackNode.QUICK.forEach(System::setProperty);
        ours = tls("member");
        strange = tls("stranger");
    }

    @AfterAll
    static void asBefore() {
        LoopbackNode.QUICK.keySet().forEach(System::clearProperty);
    }

    @AfterEach
    void leave() {
        nodes.forEach(node -> Outcome.value(node.vertx().close()));
    }

    @Test
    void membersWithTheCertificateReachEachOther() {
        int first = Ports.free();
        Clustering a = join(name, first, ours);
        Clustering b = join(name, Ports.free(), ours, first);
        assertEquals(2, a.manager().getNodes().size());
        Outcome.value(a.vertx()
                .eventBus()
                .<String>consumer("echo", message -> message.reply(message.body()))
                .completion());
        Message<String> reply = Outcome.value(b.vertx().eventBus().request("echo", "hello"));
        assertEquals("hello", reply.body());
    }

    @Test
    void c01BytesWithoutTlsAreNotDelivered() throws IOException {
        Clustering node = join(name, Ports.free(), ours);
        AtomicInteger delivered = new AtomicInteger();
        Outcome.value(node.vertx()
                .eventBus()
                .consumer("victim", message -> delivered.incrementAndGet())
                .completion());
        NodeInfo info = Outcome.value(Future.future(
                promise -> node.manager().getNodeInfo(node.manager().getNodeId(), promise)));
        assertEquals("127.0.0.1", info.host());
        try (Socket stranger = new Socket(info.host(), info.port())) {
            stranger.setSoTimeout(20_000);
            stranger.getOutputStream().write(new byte[64]);
            while (stranger.getInputStream().read() >= 0) {
                // A TLS alert, perhaps; then the end.
            }
        } catch (SocketException reset) {
            // The same, said shorter.
        }
        assertEquals(0, delivered.get());
    }

    @Test
    void c03AMemberWithAnotherCertificateIsNotHeard() {
        int first = Ports.free();
        Clustering a = join(name, first, ours);
        AtomicInteger delivered = new AtomicInteger();
        Outcome.value(a.vertx()
                .eventBus()
                .consumer("victim", message -> {
                    delivered.incrementAndGet();
                    message.reply("yes");
                })
                .completion());
        Clustering b = join(name, Ports.free(), strange, first);
        Throwable refused =
                Outcome.failure(b.vertx().eventBus().request("victim", "x", new DeliveryOptions().setSendTimeout(500)));
        assertTrue(refused instanceof ReplyException, refused::toString);
        assertEquals(0, delivered.get());
    }

    @Test
    void c03AnotherClusterNameIsAnotherCluster() {
        int first = Ports.free();
        Clustering a = join(name, first, ours);
        Clustering b = join(name + "-2", Ports.free(), ours, first);
        assertEquals(1, a.manager().getNodes().size());
        assertEquals(1, b.manager().getNodes().size());
    }

    @Test
    void c04NobodyIsFoundAndNothingIsOpenByItself() {
        Config config = Clustering.members(options(name, 5701, ours));
        assertFalse(config.getNetworkConfig().getJoin().getMulticastConfig().isEnabled());
        assertFalse(config.getNetworkConfig().getJoin().getAutoDetectionConfig().isEnabled());
        assertFalse(config.getNetworkConfig().isPortAutoIncrement());
        assertEquals(
                List.of("127.0.0.1"),
                List.copyOf(config.getNetworkConfig().getInterfaces().getInterfaces()));
        assertEquals("false", config.getProperty("hazelcast.socket.bind.any"));
        assertFalse(Clustering.bus(options(name, 5701, ours)).isTrustAll());
    }

    @Test
    void c05ForeignObjectsAreRefused() {
        int first = Ports.free();
        Clustering a = join(name, first, ours);
        Outcome.value(a.vertx()
                .eventBus()
                .consumer("any", message -> message.reply("got it"))
                .completion());
        Clustering b = join(name, Ports.free(), ours, first);
        assertThrows(IllegalArgumentException.class, () -> b.vertx().eventBus().request("any", new Date()));
    }

    @Test
    void c08SerializedObjectsOfOthersAreFiltered() {
        var filter = Clustering.members(options(name, 5701, ours))
                .getSerializationConfig()
                .getJavaSerializationFilterConfig();
        assertNotNull(filter);
        assertTrue(filter.getWhitelist().isListed("io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo"));
        assertFalse(filter.getWhitelist().isListed("org.example.Gadget"));
    }

    private Clustering join(String name, int port, ClusterOptions.Tls tls, int... members) {
        Clustering node = Outcome.value(Clustering.join(options(name, port, tls, members)));
        nodes.add(node);
        return node;
    }

    private static ClusterOptions options(String name, int port, ClusterOptions.Tls tls, int... members) {
        List<String> addresses =
                Arrays.stream(members).mapToObj(each -> "127.0.0.1:" + each).toList();
        return new ClusterOptions(name, "127.0.0.1", port, 0, addresses, tls, false);
    }

    private static ClusterOptions.Tls tls(String alias) {
        Certificates made = Certificates.make(directory, alias, "dns:" + alias);
        return new ClusterOptions.Tls(made.certificate(), made.certificate(), made.key());
    }
}
