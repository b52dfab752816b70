package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's identity, from {@code connection.start}.
 *
 * @param properties among them {@code product}, {@code version}, {@code cluster_name} and {@code capabilities}
 * @param mechanisms offered for login
 */
public record ServerInfo(Map<String, @Nullable Object> properties, List<String> mechanisms) {

    static ServerInfo of(ConnectionMethod.Start start) {
        return new ServerInfo(
                start.serverProperties(), List.of(start.mechanisms().toString().split(" ")));
    }

    /** No server yet. */
    static ServerInfo unknown() {
        return new ServerInfo(Map.of(), List.of());
    }

    /** {@code RabbitMQ}, or empty. */
    public String product() {
        return text("product");
    }

    /** {@code 3.10.8}, or empty. */
    public String version() {
        return text("version");
    }

    /** Whether it announces capabilities beyond the specification. */
    public boolean announces() {
        return properties.get("capabilities") instanceof Map;
    }

    /** Whether a client may send {@code basic.nack}: a server without any announcement, as Qpid, has it. */
    public boolean hasNack() {
        return !announces() || can("basic.nack");
    }

    /** Whether it ends the connection, and not only the channel, when {@code basic.get} names an unknown queue. */
    public boolean endsOverGet() {
        return product().contains("Qpid");
    }

    /** Whether it announces this capability. */
    public boolean can(String capability) {
        return properties.get("capabilities") instanceof Map<?, ?> capabilities
                && Boolean.TRUE.equals(capabilities.get(capability));
    }

    /** Whether it says why it refuses a login: one that only closes has refused nothing. */
    boolean explainsRefusals() {
        return can("authentication_failure_close");
    }

    private String text(String key) {
        Object value = properties.get(key);
        return value instanceof LongString text ? text.text() : value instanceof Buffer raw ? raw.toString() : "";
    }
}
