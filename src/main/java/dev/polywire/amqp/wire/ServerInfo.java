package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who the server is, as {@code connection.start} says.
 *
 * @param properties among them {@code product}, {@code version}, {@code cluster_name} and {@code capabilities}
 * @param mechanisms by which it lets in
 */
public record ServerInfo(Map<String, @Nullable Object> properties, List<String> mechanisms) {

    static ServerInfo of(ConnectionMethod.Start start) {
        return new ServerInfo(
                start.serverProperties(), List.of(start.mechanisms().toString().split(" ")));
    }

    /** Nobody yet. */
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

    /** Whether it announces what it can do, beyond the specification. */
    public boolean announces() {
        return properties.get("capabilities") instanceof Map;
    }

    /** Whether it announces this. */
    public boolean can(String capability) {
        return properties.get("capabilities") instanceof Map<?, ?> capabilities
                && Boolean.TRUE.equals(capabilities.get(capability));
    }

    private String text(String key) {
        Object value = properties.get(key);
        return value instanceof LongString text ? text.text() : value instanceof Buffer raw ? raw.toString() : "";
    }
}
