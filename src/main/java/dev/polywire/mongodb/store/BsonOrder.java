package dev.polywire.mongodb.store;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonNumber;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * The order of values (MongoDB manual, "Comparison/Sort Order"): first by kind, then within the kind. All numbers are one kind, and
 * so are strings and symbols. Of rare kinds, such as code, values are in an order that is ours.
 */
public enum BsonOrder implements Comparator<BsonValue> {
    VALUES;

    @Override
    public int compare(BsonValue one, BsonValue other) {
        int kinds = Integer.compare(kind(one), kind(other));
        return kinds != 0 ? kinds : sameKind(one, other);
    }

    /** Whether both values are of one kind, so that {@code $gte} compares them. */
    static boolean areComparable(BsonValue one, BsonValue other) {
        return kind(one) == kind(other);
    }

    /** The value with a hash code; numbers that are equal are the same key: 1, 1.0 and 1.00. */
    static Object key(BsonValue value) {
        if (!isNumber(value)) {
            return value;
        }
        BigDecimal exact = exact(value);
        return exact == null ? (Object) approximate(value) : exact.stripTrailingZeros();
    }

    private static int kind(BsonValue value) {
        return switch (value.getBsonType()) {
            case MIN_KEY -> 0;
            case NULL, UNDEFINED -> 1;
            case INT32, INT64, DOUBLE, DECIMAL128 -> 2;
            case STRING, SYMBOL -> 3;
            case DOCUMENT -> 4;
            case ARRAY -> 5;
            case BINARY -> 6;
            case OBJECT_ID -> 7;
            case BOOLEAN -> 8;
            case DATE_TIME -> 9;
            case TIMESTAMP -> 10;
            case REGULAR_EXPRESSION -> 11;
            case DB_POINTER -> 12;
            case JAVASCRIPT -> 13;
            case JAVASCRIPT_WITH_SCOPE -> 14;
            default -> 15;
        };
    }

    private int sameKind(BsonValue one, BsonValue other) {
        if (isNumber(one)) {
            return numbers(one, other);
        }
        return switch (one.getBsonType()) {
            case STRING, SYMBOL -> text(one).compareTo(text(other));
            case DOCUMENT -> documents(one.asDocument(), other.asDocument());
            case ARRAY -> arrays(one.asArray(), other.asArray());
            case BINARY -> binaries(one.asBinary(), other.asBinary());
            case OBJECT_ID -> ids(one.asObjectId(), other.asObjectId());
            case BOOLEAN -> booleans(one.asBoolean(), other.asBoolean());
            case DATE_TIME -> dates(one.asDateTime(), other.asDateTime());
            case TIMESTAMP -> timestamps(one.asTimestamp(), other.asTimestamp());
            case NULL, UNDEFINED, MIN_KEY, MAX_KEY -> 0;
            default -> one.equals(other) ? 0 : one.toString().compareTo(other.toString());
        };
    }

    private static boolean isNumber(BsonValue value) {
        return value instanceof BsonNumber;
    }

    private static int numbers(BsonValue one, BsonValue other) {
        BigDecimal left = exact(one);
        BigDecimal right = exact(other);
        return left != null && right != null ? left.compareTo(right) : Integer.compare(rank(one), rank(other));
    }

    /** What is no number comes before all numbers. */
    private static int rank(BsonValue number) {
        if (exact(number) != null) {
            return 2;
        }
        double value = approximate(number);
        return Double.isNaN(value) ? 0 : value < 0 ? 1 : 3;
    }

    /** Null: infinite, or no number. */
    private static @Nullable BigDecimal exact(BsonValue value) {
        if (value.getBsonType() == BsonType.DECIMAL128) {
            Decimal128 decimal = value.asDecimal128().getValue();
            if (decimal.isInfinite() || decimal.isNaN()) {
                return null;
            }
            return finite(decimal);
        }
        if (value.getBsonType() == BsonType.DOUBLE) {
            double number = value.asDouble().getValue();
            return Double.isFinite(number) ? new BigDecimal(number) : null;
        }
        return BigDecimal.valueOf(value.asNumber().longValue());
    }

    private static BigDecimal finite(Decimal128 decimal) {
        try {
            return decimal.bigDecimalValue();
        } catch (ArithmeticException negativeZero) {
            return BigDecimal.ZERO;
        }
    }

    private static double approximate(BsonValue value) {
        return value.getBsonType() == BsonType.DECIMAL128
                ? value.asDecimal128().getValue().doubleValue()
                : value.asNumber().doubleValue();
    }

    private static String text(BsonValue value) {
        return value instanceof BsonSymbol symbol ? symbol.getSymbol() : ((BsonString) value).getValue();
    }

    /** Field by field: kind, name, value; then the shorter one first. */
    private int documents(BsonDocument one, BsonDocument other) {
        Iterator<Map.Entry<String, BsonValue>> others = other.entrySet().iterator();
        for (Map.Entry<String, BsonValue> left : one.entrySet()) {
            if (!others.hasNext()) {
                return 1;
            }
            Map.Entry<String, BsonValue> right = others.next();
            int order = Integer.compare(kind(left.getValue()), kind(right.getValue()));
            order = order != 0 ? order : left.getKey().compareTo(right.getKey());
            order = order != 0 ? order : compare(left.getValue(), right.getValue());
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private int arrays(BsonArray one, BsonArray other) {
        for (int i = 0; i < one.size() && i < other.size(); i++) {
            int order = compare(one.get(i), other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    private static int binaries(BsonBinary one, BsonBinary other) {
        int lengths = Integer.compare(one.getData().length, other.getData().length);
        int types = lengths != 0 ? lengths : Integer.compare(one.getType() & 0xff, other.getType() & 0xff);
        return types != 0 ? types : Arrays.compareUnsigned(one.getData(), other.getData());
    }

    private static int ids(BsonObjectId one, BsonObjectId other) {
        return one.getValue().compareTo(other.getValue());
    }

    private static int booleans(BsonBoolean one, BsonBoolean other) {
        return Boolean.compare(one.getValue(), other.getValue());
    }

    private static int dates(BsonDateTime one, BsonDateTime other) {
        return Long.compare(one.getValue(), other.getValue());
    }

    private static int timestamps(BsonTimestamp one, BsonTimestamp other) {
        return Long.compareUnsigned(one.getValue(), other.getValue());
    }
}
