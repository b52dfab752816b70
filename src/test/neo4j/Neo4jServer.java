import java.nio.file.Path;
import java.time.Duration;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.BoltConnectorInternalSettings;
import org.neo4j.configuration.ssl.ClientAuth;
import org.neo4j.configuration.ssl.SslPolicyConfig;
import org.neo4j.configuration.ssl.SslPolicyScope;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilders;

/**
 * Starts a Neo4j, prints {@code READY host port}, and stops it when its input ends.
 *
 * <p>Argument: a directory with {@code server.crt} and {@code server.key} for TLS, which clients may use or not.
 */
public final class Neo4jServer {

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        SslPolicyConfig tls = SslPolicyConfig.forScope(SslPolicyScope.BOLT);
        Neo4j neo4j = Neo4jBuilders.newInProcessBuilder()
                .withDisabledServer()
                .withConfig(GraphDatabaseSettings.auth_enabled, true)
                .withConfig(BoltConnectorInternalSettings.enable_local_connector, false)
                .withConfig(BoltConnectorInternalSettings.thread_pool_shutdown_wait_time, Duration.ofMillis(200))
                .withConfig(BoltConnector.encryption_level, BoltConnector.EncryptionLevel.OPTIONAL)
                .withConfig(tls.enabled, true)
                .withConfig(tls.base_directory, directory)
                .withConfig(tls.public_certificate, directory.resolve("server.crt"))
                .withConfig(tls.private_key, directory.resolve("server.key"))
                .withConfig(tls.client_auth, ClientAuth.NONE)
                .build();
        System.out.println("READY " + neo4j.boltURI().getHost() + " " + neo4j.boltURI().getPort());
        System.in.read();
        neo4j.close();
        System.exit(0);
    }
}
