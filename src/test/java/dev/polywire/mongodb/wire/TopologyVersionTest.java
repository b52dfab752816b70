package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyVersionTest {

    private static final String ONE = "processId: {$oid: '000000000000000000000001'}, ";
    private static final String OTHER = "processId: {$oid: '000000000000000000000002'}, ";

    private static Buffer version(String json) {
        String fields = json.replace("one,", ONE)
                .replace("other,", OTHER)
                .replaceAll("long (\\d+)", "counter: {\\$numberLong: '$1'}");
        return Documents.bson("{" + fields + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one, long 5            | one, long 4       | true",
                "one, long 5            | one, long 5       | false",
                "one, long 5            | one, long 6       | false",
                "one, long 5            | other, long 4     | false",
                "one, long 5            | one, counter: 4   | false",
                "one, counter: 5        | one, long 4       | false",
                "one, long 5            | long 4            | false",
                "long 5                 | long 4            | false",
                "processId: 1, long 5   | processId: 1, long 4 | false",
                "long 5, processId: {$oid: '000000000000000000000001'} | one, long 4 | true"
            })
    void isOlder(String known, String received, boolean older) {
        assertEquals(older, TopologyVersion.isOlder(version(known), version(received)));
    }

    @Test
    void withoutAny() {
        Buffer version = version("one, long 5");
        assertEquals(false, TopologyVersion.isOlder(null, version));
        assertEquals(false, TopologyVersion.isOlder(version, null));
    }

    /** What it waits with: the version as it came, and an int64 as the specification has it. */
    @Test
    void awaitableHello() {
        Buffer version = version("one, long 5");
        BsonDocument hello = Documents.parsed(HelloCommand.again(true, version, 10_000));
        assertEquals(
                "[hello, topologyVersion, maxAwaitTimeMS, $db]", hello.keySet().toString());
        assertEquals(Documents.parsed(version), hello.getDocument("topologyVersion"));
        assertEquals(new BsonInt64(10_000), hello.get("maxAwaitTimeMS"));
        assertEquals(
                "[isMaster, helloOk, topologyVersion, maxAwaitTimeMS, $db]",
                Documents.parsed(HelloCommand.again(false, version, 1)).keySet().toString());
    }
}
