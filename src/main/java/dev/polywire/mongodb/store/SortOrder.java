package dev.polywire.mongodb.store;

import java.util.Comparator;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** {@code {a: 1, b: -1}}: the order of documents by top-level fields. Arrays are ordered as whole values. */
public final class SortOrder {

    private SortOrder() {}

    /**
     * @return null: the order of insertion
     * @throws CommandErrorException BAD_VALUE for another direction than 1 and -1
     */
    public static @Nullable Comparator<StoredDocument> of(BsonDocument sort) {
        Comparator<StoredDocument> order = null;
        for (Map.Entry<String, BsonValue> each : sort.entrySet()) {
            Comparator<StoredDocument> next = by(each.getKey(), each.getValue());
            order = order == null ? next : order.thenComparing(next);
        }
        return order;
    }

    private static Comparator<StoredDocument> by(String field, BsonValue direction) {
        DocumentFilter.requireTopLevel(field);
        int sign = direction.isNumber() ? (int) Math.signum(direction.asNumber().doubleValue()) : 0;
        if (sign == 0 || field.startsWith("$")) {
            throw MongoErrorCode.BAD_VALUE.with("sort: not a field with 1 or -1 (expected: one)");
        }
        Comparator<StoredDocument> order = Comparator.comparing(document -> value(document, field), BsonOrder.VALUES);
        return sign > 0 ? order : order.reversed();
    }

    private static BsonValue value(StoredDocument document, String field) {
        BsonValue value = document.get(field);
        return value == null ? BsonNull.VALUE : value;
    }
}
