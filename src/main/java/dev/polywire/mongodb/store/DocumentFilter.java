package dev.polywire.mongodb.store;

import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Which documents are meant: all whose top-level fields are equal to a value ({@code {a: 1}}, {@code {a: {$eq: 1}}}), or not below it
 * ({@code {a: {$gte: 1}}}). As in MongoDB, an array is also found by one of its values, and null finds what has no such field. The
 * other operators, and names with dots, are refused.
 */
public final class DocumentFilter {

    private record Condition(String field, boolean least, BsonValue value) {

        boolean matches(StoredDocument document) {
            BsonValue found = document.get(field);
            if (found == null) {
                return value.isNull();
            }
            return holds(found) || found.isArray() && found.asArray().stream().anyMatch(this::holds);
        }

        private boolean holds(BsonValue found) {
            if (!BsonOrder.areComparable(found, value)) {
                return false;
            }
            int order = BsonOrder.VALUES.compare(found, value);
            return least ? order >= 0 : order == 0;
        }
    }

    private final List<Condition> conditions;

    private DocumentFilter(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /** @throws CommandErrorException BAD_VALUE or NOT_IMPLEMENTED when it has more than there is here */
    public static DocumentFilter of(BsonDocument filter) {
        List<Condition> conditions = new ArrayList<>();
        filter.forEach((field, value) -> {
            if (field.startsWith("$")) {
                throw MongoErrorCode.BAD_VALUE.with("unknown top level operator: " + field);
            }
            requireTopLevel(field);
            if (isOperators(value)) {
                value.asDocument().forEach((operator, operand) -> conditions.add(condition(field, operator, operand)));
            } else if (value.getBsonType() == BsonType.REGULAR_EXPRESSION) {
                throw notImplemented("regular expressions");
            } else {
                conditions.add(new Condition(field, false, value));
            }
        });
        return new DocumentFilter(List.copyOf(conditions));
    }

    /** A name with dots means a field within a field. */
    static void requireTopLevel(String field) {
        if (field.indexOf('.') >= 0) {
            throw notImplemented("fields of fields");
        }
    }

    static CommandErrorException notImplemented(String what) {
        return MongoErrorCode.NOT_IMPLEMENTED.with(what + ": not implemented");
    }

    private static boolean isOperators(BsonValue value) {
        return value.isDocument()
                && !value.asDocument().isEmpty()
                && value.asDocument().getFirstKey().startsWith("$");
    }

    private static Condition condition(String field, String operator, BsonValue operand) {
        return switch (operator) {
            case "$eq" -> new Condition(field, false, operand);
            case "$gte" -> new Condition(field, true, operand);
            default -> throw MongoErrorCode.BAD_VALUE.with("unknown operator: " + operator);
        };
    }

    boolean matches(StoredDocument document) {
        for (Condition condition : conditions) {
            if (!condition.matches(document)) {
                return false;
            }
        }
        return true;
    }

    /** The {@code _id} that a document must have; null: it may be any. */
    @Nullable
    BsonValue id() {
        for (Condition condition : conditions) {
            if (condition.field().equals(StoredDocument.ID)
                    && !condition.least()
                    && !condition.value().isNull()) {
                return condition.value();
            }
        }
        return null;
    }

    /** The fields that an upsert begins with. */
    BsonDocument equalities() {
        BsonDocument fields = new BsonDocument();
        for (Condition condition : conditions) {
            if (!condition.least()) {
                fields.put(condition.field(), condition.value());
            }
        }
        return fields;
    }
}
