package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Documents with changed bytes: JSON or a ProtocolException, and JSON of the canonical form is stable. */
class ExtendedJsonRandomTest {

    private static final int INPUTS = 100_000;

    private static final Buffer RICH = ExtendedJson.encode(new JsonObject("""
            {"d":1.5,"s":"text é","o":{"a":[1,{"b":null}]},"b":{"$binary":{"base64":"//8=","subType":"02"}},
             "i":{"$oid":"0102030405060708090a0b0c"},"t":true,"r":{"$regularExpression":{"pattern":"a","options":"i"}},
             "c":{"$code":"x","$scope":{"y":1}},"l":{"$numberLong":"5"},"m":{"$numberDecimal":"1.5"},
             "p":{"$dbPointer":{"$ref":"r","$id":{"$oid":"0102030405060708090a0b0c"}}},
             "z":{"$timestamp":{"t":1,"i":2}},"w":{"$date":"2020-01-01T00:00:00Z"},"n":{"$minKey":1}}"""));

    @Test
    void changedDocuments() {
        Random random = new Random(20_130_004);
        int passed = 0;
        for (int i = 0; i < INPUTS; i++) {
            Buffer bson = RICH.copy();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                bson.setByte(random.nextInt(4, bson.length()), (byte) random.nextInt(256));
            }
            JsonObject json;
            try {
                json = ExtendedJson.decode(bson, true);
                ExtendedJson.decode(bson, false);
            } catch (ProtocolException bad) {
                assertEquals(ProtocolException.Kind.DECODE, bad.kind());
                continue;
            }
            passed++;
            Buffer again = ExtendedJson.encode(new JsonObject(json.toBuffer()));
            assertEquals(json.encode(), ExtendedJson.decode(again, true).encode(), () -> Vectors.hex(bson));
        }
        assertTrue(passed > INPUTS / 10, "the inputs reach what they test: " + passed);
    }
}
