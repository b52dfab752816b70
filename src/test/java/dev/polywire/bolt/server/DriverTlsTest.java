package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Certificates;
import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.ClientCertificateManagers;
import org.neo4j.driver.ClientCertificates;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.Neo4jException;

/** Neo4j's driver over TLS. */
class DriverTlsTest {

    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates client;
    private static Certificates stranger;

    @BeforeAll
    static void certificates() {
        server = Certificates.make(directory, "server", "ip:127.0.0.1,dns:localhost");
        client = Certificates.make(directory, "client", "dns:client.test");
        stranger = Certificates.make(directory, "stranger", "ip:127.0.0.1");
    }

    private static Served serve(String trust) {
        TlsOptions tls = new TlsOptions(trust, server.certificate(), server.key(), true);
        return new Served(
                new EndpointOptions("127.0.0.1", 0, 10_000, tls), Served.bounds(60_000, 0), Served.options(10_000));
    }

    private static Config trusting(Certificates authority) {
        return Served.quiet()
                .withEncryption()
                .withTrustStrategy(
                        Config.TrustStrategy.trustCustomCertificateSignedBy(new File(authority.certificate())))
                .build();
    }

    @Test
    void tls() {
        try (Served served = serve(null);
                Driver driver = served.driver("bolt", Served.ALICE, trusting(server));
                Session session = driver.session();
                Driver other = served.driver("bolt", Served.ALICE, trusting(stranger));
                Driver plain =
                        served.driver("bolt", Served.ALICE, Served.quiet().build())) {
            assertEquals("hello", session.run("hello").single().get(0).asString());
            assertEquals(50_000, session.run("rows 50000").list().size());
            assertThrows(Neo4jException.class, other::verifyConnectivity);
            assertThrows(Neo4jException.class, plain::verifyConnectivity);
        }
    }

    @Test
    void certificatesOfClients() {
        try (Served served = serve(client.certificate());
                Driver driver = GraphDatabase.driver(
                        "bolt://127.0.0.1:" + served.port,
                        Served.ALICE,
                        ClientCertificateManagers.rotating(
                                ClientCertificates.of(new File(client.certificate()), new File(client.key()))),
                        trusting(server));
                Session session = driver.session();
                Driver nameless = served.driver("bolt", Served.ALICE, trusting(server))) {
            assertEquals(
                    "[\"client\", \"client.test\"]",
                    session.run("certificate").single().get(0).toString());
            assertThrows(Neo4jException.class, nameless::verifyConnectivity);
        }
    }
}
