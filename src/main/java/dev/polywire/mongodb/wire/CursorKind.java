package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/** What the server does with a getMore of a command's cursor when it has no documents. */
public enum CursorKind {
    /** It ends the cursor. */
    ORDINARY,
    /** It answers at once, with an empty batch: {@code tailable: true}. */
    TAILABLE,
    /** It lets the getMore wait, up to its {@code maxTimeMS}: {@code tailable, awaitData}, and a change stream. */
    WAITING;

    /** @param checked a command that {@link CommandKind#givesCursor}, which has passed {@link BsonBounds#check} */
    public static CursorKind of(Buffer checked) {
        return switch (BsonFields.firstName(checked)) {
            case "find" -> ofFind(checked);
            case "aggregate" -> CommandKind.isChangeStream(checked) ? WAITING : ORDINARY;
            default -> ORDINARY;
        };
    }

    private static CursorKind ofFind(Buffer checked) {
        boolean tailable = false;
        boolean awaitData = false;
        BsonElements fields = new BsonElements(checked, 0);
        while (fields.next()) {
            tailable |= fields.is("tailable") && fields.isTrue();
            awaitData |= fields.is("awaitData") && fields.isTrue();
        }
        // The server refuses awaitData without tailable.
        return !tailable ? ORDINARY : awaitData ? WAITING : TAILABLE;
    }
}
