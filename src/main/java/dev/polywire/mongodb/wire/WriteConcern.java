package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/** What a command says about the acknowledgement of its writes (read and write concern specification). */
public final class WriteConcern {

    private WriteConcern() {}

    /**
     * Whether a command has {@code writeConcern: {w: 0}}: its caller does not want to hear what becomes of it.
     *
     * @param checked a command that has passed {@link BsonBounds#check}
     */
    public static boolean isUnacknowledged(Buffer checked) {
        BsonElements fields = new BsonElements(checked, 0);
        while (fields.next()) {
            if (fields.type() == BsonElements.DOCUMENT && fields.is("writeConcern")) {
                return isZero(new BsonElements(checked, fields.value()));
            }
        }
        return false;
    }

    private static boolean isZero(BsonElements concern) {
        while (concern.next()) {
            if (concern.is("w")) {
                return concern.isZero();
            }
        }
        return false;
    }
}
