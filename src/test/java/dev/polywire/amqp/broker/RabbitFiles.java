package dev.polywire.amqp.broker;

import dev.polywire.testing.Certificates;
import dev.polywire.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a RabbitMQ of ours lives: everything in one directory of its own, all ports on loopback, nothing shared with a
 * broker of the system.
 *
 * @param directory data, log, configuration, and the home with Erlang's cookie
 */
record RabbitFiles(
        Path directory, int port, int tlsPort, int nodePort, int mapperPort, Certificates server, Certificates client) {

    /** The name in {@link #client}, and of a user. */
    static final String TLS_USER = "tls-client";

    /** @param home if it has a folder {@code tmp}, that is the place: a broker in a chroot sees no other */
    static RabbitFiles make(Path home) throws IOException {
        Path seen = home.resolve("tmp");
        Path directory = Files.isDirectory(seen)
                ? Files.createTempDirectory(seen.toRealPath(), "rabbitmq")
                : Files.createTempDirectory("rabbitmq");
        RabbitFiles files = new RabbitFiles(
                directory,
                Ports.free(),
                Ports.free(),
                Ports.free(),
                Ports.free(),
                Certificates.make(directory, "server", "ip:127.0.0.1,dns:localhost"),
                Certificates.signed(directory, TLS_USER, "dns:client"));
        Files.writeString(directory.resolve("enabled_plugins"), "[rabbitmq_auth_mechanism_ssl].\n");
        Files.write(directory.resolve("rabbitmq.conf"), files.configuration());
        return files;
    }

    private List<String> configuration() {
        return List.of(
                "listeners.tcp.1 = 127.0.0.1:" + port,
                "listeners.ssl.1 = 127.0.0.1:" + tlsPort,
                "ssl_options.cacertfile = " + path(TLS_USER + "-authority.crt"),
                "ssl_options.certfile = " + server.certificate(),
                "ssl_options.keyfile = " + server.key(),
                "ssl_options.verify = verify_peer",
                "ssl_options.fail_if_no_peer_cert = false",
                "ssl_cert_login_from = common_name",
                "auth_mechanisms.1 = PLAIN",
                "auth_mechanisms.2 = AMQPLAIN",
                "auth_mechanisms.3 = EXTERNAL",
                "disk_free_limit.absolute = 1MB",
                // A chroot has no /proc.
                "vm_memory_calculation_strategy = allocated",
                "total_memory_available_override_value = 4GB");
    }

    /** What broker and commands are told. */
    Map<String, String> environment() {
        String loopback = "-kernel inet_dist_use_interface {127,0,0,1}";
        return Map.ofEntries(
                Map.entry("HOME", directory.toString()),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                Map.entry("RABBITMQ_NODENAME", "polywire-" + port + "@localhost"),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(nodePort)),
                // Else the system's own settings are read.
                Map.entry("RABBITMQ_CONF_ENV_FILE", path("none")),
                Map.entry("RABBITMQ_CONFIG_FILE", path("rabbitmq.conf")),
                Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", path("advanced.config")),
                Map.entry("RABBITMQ_GENERATED_CONFIG_DIR", path("generated")),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", path("enabled_plugins")),
                Map.entry("RABBITMQ_MNESIA_BASE", path("data")),
                Map.entry("RABBITMQ_LOG_BASE", path("log")),
                Map.entry("RABBITMQ_PID_FILE", path("pid")),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", loopback),
                Map.entry("RABBITMQ_CTL_ERL_ARGS", loopback),
                // The script becomes the broker, so that its process is the broker's.
                Map.entry("RABBITMQ_ALLOW_INPUT", "1"));
    }

    Path output() {
        return directory.resolve("output.txt");
    }

    void delete() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
