package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/** What a command says about the acknowledgement of its writes (read and write concern specification). */
public final class WriteConcern {

    private static final int DOUBLE = 0x01;
    private static final int INT32 = 0x10;
    private static final int INT64 = 0x12;

    private WriteConcern() {}

    /**
     * Whether a command has {@code writeConcern: {w: 0}}: its caller does not want to hear what becomes of it.
     *
     * @param checked a command that has passed {@link BsonBounds#check}
     */
    public static boolean isUnacknowledged(Buffer checked) {
        BsonElements fields = new BsonElements(checked, 0);
        while (fields.next()) {
            if (fields.type() == BsonElements.DOCUMENT && fields.key().equals("writeConcern")) {
                return isZero(checked, new BsonElements(checked, fields.value()));
            }
        }
        return false;
    }

    private static boolean isZero(Buffer checked, BsonElements concern) {
        while (concern.next()) {
            if (concern.key().equals("w")) {
                return switch (concern.type()) {
                    case INT32 -> checked.getIntLE(concern.value()) == 0;
                    case INT64 -> checked.getLongLE(concern.value()) == 0;
                    case DOUBLE -> Double.longBitsToDouble(checked.getLongLE(concern.value())) == 0;
                    default -> false;
                };
            }
        }
        return false;
    }
}
