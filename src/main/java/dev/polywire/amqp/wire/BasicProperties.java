package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import dev.polywire.core.wire.ProtocolException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a content (AMQP 0-9-1, 4.2.6.1): a word of flags, then the properties that are present.
 *
 * <pre>
 *   94 40   10010100 01000000   content-type, delivery-mode, correlation-id, timestamp
 * </pre>
 *
 * <p>The lowest bit of a word of flags announces another word, for which no property is defined.
 */
public final class BasicProperties {

    /** None at all. */
    public static final BasicProperties NONE = new BasicProperties(new Object[Property.values().length]);

    private static final Property[] ALL = Property.values();
    private static final int MORE_FLAGS = 1;
    private static final int KNOWN_FLAGS = 0xffff & -1 << (Short.SIZE - ALL.length);

    /** By {@link Property#ordinal}; null: absent. Never changed. */
    private final @Nullable Object[] values;
    /** Of the properties that are present. */
    private final int flags;

    private BasicProperties(@Nullable Object[] values) {
        this.values = values;
        int there = 0;
        for (Property property : Property.values()) {
            there |= values[property.ordinal()] == null ? 0 : property.flag();
        }
        this.flags = there;
    }

    private BasicProperties(@Nullable Object[] values, int flags) {
        this.values = values;
        this.flags = flags;
    }

    /**
     * These.
     *
     * @throws IllegalArgumentException as {@link #with}
     */
    public static BasicProperties of(Map<Property, ?> values) {
        @Nullable Object[] all = new Object[ALL.length];
        values.forEach((property, value) -> all[property.ordinal()] = checked(property, value));
        return new BasicProperties(all);
    }

    /**
     * The same and one more.
     *
     * @throws IllegalArgumentException when the value is not of {@link Property#valueType}, or a number not 0 to 255
     */
    public BasicProperties with(Property property, Object value) {
        @Nullable Object[] all = values.clone();
        all[property.ordinal()] = checked(property, value);
        return new BasicProperties(all);
    }

    /** The value of a property; null if absent. */
    public @Nullable Object get(Property property) {
        return values[property.ordinal()];
    }

    public @Nullable String contentType() {
        return text(Property.CONTENT_TYPE);
    }

    public @Nullable String contentEncoding() {
        return text(Property.CONTENT_ENCODING);
    }

    /** Values as {@link AmqpReader#table} gives them; empty: not there. */
    @SuppressWarnings("unchecked")
    public Map<String, @Nullable Object> headers() {
        Object headers = get(Property.HEADERS);
        return headers == null ? Map.of() : (Map<String, @Nullable Object>) headers;
    }

    public @Nullable Integer deliveryMode() {
        return (Integer) get(Property.DELIVERY_MODE);
    }

    public @Nullable Integer priority() {
        return (Integer) get(Property.PRIORITY);
    }

    public @Nullable String correlationId() {
        return text(Property.CORRELATION_ID);
    }

    public @Nullable String replyTo() {
        return text(Property.REPLY_TO);
    }

    public @Nullable String expiration() {
        return text(Property.EXPIRATION);
    }

    public @Nullable String messageId() {
        return text(Property.MESSAGE_ID);
    }

    public @Nullable Timestamp timestamp() {
        return (Timestamp) get(Property.TIMESTAMP);
    }

    public @Nullable String type() {
        return text(Property.TYPE);
    }

    public @Nullable String userId() {
        return text(Property.USER_ID);
    }

    public @Nullable String appId() {
        return text(Property.APP_ID);
    }

    public @Nullable String clusterId() {
        return text(Property.CLUSTER_ID);
    }

    /** @throws ProtocolException DECODE when flags or values are bad */
    public static BasicProperties read(AmqpReader in) {
        int first = in.u16();
        for (int more = first; (more & MORE_FLAGS) != 0; ) {
            more = in.u16();
            if ((more & ~MORE_FLAGS) != 0) {
                throw unknown(more);
            }
        }
        int flags = first & ~MORE_FLAGS;
        if (flags == 0) {
            return NONE;
        }
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw unknown(flags & ~KNOWN_FLAGS);
        }
        @Nullable Object[] values = new Object[ALL.length];
        for (int left = flags; left != 0; left &= ~Integer.highestOneBit(left)) {
            int ordinal = ordinal(left);
            values[ordinal] = value(ALL[ordinal], in);
        }
        return new BasicProperties(values, flags);
    }

    public void write(AmqpWriter out) {
        out.u16(flags);
        for (int left = flags; left != 0; left &= ~Integer.highestOneBit(left)) {
            int ordinal = ordinal(left);
            Object value = values[ordinal];
            if (value instanceof String text) {
                out.shortString(ALL[ordinal].word(), text);
            } else if (value instanceof Integer number) {
                out.u8(number);
            } else if (value instanceof Timestamp time) {
                out.u64(time.seconds());
            } else if (value instanceof Map<?, ?>) {
                out.table(headers());
            }
        }
    }

    /** Of the first property there; see {@link Property#flag}. */
    private static int ordinal(int flags) {
        return Integer.numberOfLeadingZeros(flags) - (Integer.SIZE - Short.SIZE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BasicProperties same && Arrays.equals(values, same.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** The names only: the values are part of the message. */
    @Override
    public String toString() {
        return Arrays.stream(ALL)
                .filter(property -> get(property) != null)
                .map(Property::word)
                .toList()
                .toString();
    }

    private static Object value(Property property, AmqpReader in) {
        return switch (property) {
            case HEADERS -> in.table();
            case DELIVERY_MODE, PRIORITY -> in.u8();
            case TIMESTAMP -> new Timestamp(in.u64());
            default -> in.shortString();
        };
    }

    private static Object checked(Property property, Object value) {
        if (!property.valueType().isInstance(value)) {
            throw new IllegalArgumentException(property.word() + ": "
                    + value.getClass().getName() + " (expected: "
                    + property.valueType().getName() + ")");
        }
        if (value instanceof Integer number) {
            Limits.range(property.word(), number, 0, 255);
        }
        return value;
    }

    private @Nullable String text(Property property) {
        return (String) get(property);
    }

    private static ProtocolException unknown(int flags) {
        return ProtocolException.decode("property flags: " + flags + " (expected: known ones)");
    }
}
