package dev.polywire.mongodb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of values. */
class BsonOrderTest {

    /** Each before the next. */
    private static final List<BsonValue> RISING = BsonDocument.parse("{v: [{$minKey: 1}, null,"
                    + " {$numberDouble: 'NaN'}, {$numberDouble: '-Infinity'}, {$numberDecimal: '-1E+6000'}, -2,"
                    + " {$numberLong: '-1'}, 0, {$numberDouble: '0.5'}, {$numberDecimal: '0.6'}, 1,"
                    + " {$numberLong: '9007199254740993'}, {$numberDouble: '1E300'}, {$numberDecimal: 'Infinity'},"
                    + " '', 'B', 'a', 'aa', {}, {a: 1}, {a: 2}, {a: 2, b: 0}, {b: 0}, {a: ''}, [], [1], [1, 1], [2],"
                    + " {$binary: {base64: '', subType: '00'}}, {$binary: {base64: 'AA==', subType: '00'}},"
                    + " {$binary: {base64: '/w==', subType: '00'}}, {$binary: {base64: 'AA==', subType: '04'}},"
                    + " {$oid: '000000000000000000000001'}, {$oid: 'f00000000000000000000000'}, false, true,"
                    + " {$date: {$numberLong: '-1'}}, {$date: {$numberLong: '1'}},"
                    + " {$timestamp: {t: 1, i: 2}}, {$timestamp: {t: 4294967295, i: 1}},"
                    + " {$regularExpression: {pattern: 'a', options: ''}}, {$code: 'f'}, {$maxKey: 1}]}")
            .getArray("v")
            .getValues();

    @Test
    void rising() {
        for (int i = 0; i < RISING.size(); i++) {
            for (int j = 0; j < RISING.size(); j++) {
                int order = BsonOrder.VALUES.compare(RISING.get(i), RISING.get(j));
                assertEquals(Integer.compare(i, j), Integer.signum(order), RISING.get(i) + " and " + RISING.get(j));
            }
        }
    }

    /** Numbers are equal whatever their type, as values and as keys. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | {$numberLong: '1'} | true",
                "1 | {$numberDouble: '1.0'} | true",
                "1 | {$numberDecimal: '1.00'} | true",
                "100 | {$numberDecimal: '1E+2'} | true",
                "0 | {$numberDouble: '-0.0'} | true",
                "0 | {$numberDecimal: '-0E-10'} | true",
                "{$numberDouble: 'NaN'} | {$numberDecimal: 'NaN'} | true",
                "{$numberDouble: '0.1'} | {$numberDecimal: '0.1'} | false",
                "1 | {v: 1} | false",
                "1 | true | false",
            })
    void keys(String one, String other, boolean same) {
        Object left = BsonOrder.key(BsonDocument.parse("{v: " + one + "}").get("v"));
        Object right = BsonOrder.key(BsonDocument.parse("{v: " + other + "}").get("v"));
        if (same) {
            assertEquals(left, right);
            assertEquals(left.hashCode(), right.hashCode());
        } else {
            assertNotEquals(left, right);
        }
    }
}
