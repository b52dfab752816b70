package dev.polywire.amqp.wire;

import java.util.Map;

/** The properties of a content (AMQP 0-9-1, 1.8.1), in the order of the flags: the first is bit 15. */
public enum Property {
    CONTENT_TYPE("contentType", String.class),
    CONTENT_ENCODING("contentEncoding", String.class),
    HEADERS("headers", Map.class),
    /** 1: in memory; 2: on disk, if the queue is durable. */
    DELIVERY_MODE("deliveryMode", Integer.class),
    /** 0 to 255; of use in a queue with {@code x-max-priority}. */
    PRIORITY("priority", Integer.class),
    CORRELATION_ID("correlationId", String.class),
    REPLY_TO("replyTo", String.class),
    /** Milliseconds, as text. */
    EXPIRATION("expiration", String.class),
    MESSAGE_ID("messageId", String.class),
    TIMESTAMP("timestamp", Timestamp.class),
    TYPE("type", String.class),
    /** RabbitMQ refuses a name that is not the connection's own. */
    USER_ID("userId", String.class),
    APP_ID("appId", String.class),
    CLUSTER_ID("clusterId", String.class);

    private final String word;
    private final Class<?> valueType;

    Property(String word, Class<?> valueType) {
        this.word = word;
        this.valueType = valueType;
    }

    /** Its name, as one word: {@code contentType}. */
    public String word() {
        return word;
    }

    /** {@code String}, {@code Integer} (0 to 255), {@code Map} or {@link Timestamp}. */
    public Class<?> valueType() {
        return valueType;
    }

    int flag() {
        return 1 << (15 - ordinal());
    }
}
