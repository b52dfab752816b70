package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.json.FieldException;
import dev.polywire.examples.Readme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of limits for which a heap has no room. */
class ByteLimitsTest {

    private static final long MEBIBYTE = 1_048_576;

    /** One of each, with all its defaults. */
    private static final String DEFAULTS = """
            {"connectors": [
               {"type": "mongodb", "port": 1}, {"type": "amqp"}, {"type": "bolt"}, {"type": "framed-client", "port": 2},
               {"type": "framed-server", "port": 3}, {"type": "bolt-server", "port": 4, "handler": "mine"}],
             "bridge": {"port": 5}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2048 |",
                "512  |",
                "511  | memory.maxBytes: 133955584 in a heap of 535822336 has no room for the defaults of maxValueBytes (expected: -Xmx545m)",
                "256  | memory.maxBytes: 67108864 in a heap of 268435456 has no room for the defaults of maxMessageBytes, maxValueBytes (expected: -Xmx545m)",
                "128  | memory.maxBytes: 33554432 in a heap of 134217728 has no room for the defaults of maxAssemblyBytes, maxMessageBytes, maxTotalBytes, maxValueBytes, maxWaitingPublishBytes (expected: -Xmx545m)",
                "64   | memory.maxBytes: 16777216 in a heap of 67108864 has no room for the defaults of maxAssemblyBytes, maxFrameBytes, maxMessageBytes, maxTotalBytes, maxValueBytes, maxWaitingPublishBytes (expected: -Xmx545m)",
            })
    void allDefaultsAreOneLine(long mebibytes, String line) {
        long heap = mebibytes * MEBIBYTE;
        assertEquals(line == null ? List.of() : List.of(line), said(new JsonObject(DEFAULTS), heap / 4, false, heap));
    }

    @Test
    void asThePageShowsThem() {
        JsonObject given = connector("{\"type\": \"mongodb\", \"port\": 1, \"maxMessageBytes\": 48000000}");
        given.put("bridge", new JsonObject().put("port", 2));
        assertEquals(
                Readme.block("docs/configuration.md", "output: limits").stream()
                        .map(line -> line.replaceFirst("^warning: conf/my\\.yaml:\\d+: ", ""))
                        .toList(),
                said(given, 32 * MEBIBYTE, false, 128 * MEBIBYTE));
    }

    @Test
    void whatMakesRoomForDefaultsWithinThisHeapIsSaidToo() {
        JsonObject mongodb = connector("{\"type\": \"mongodb\", \"port\": 1}");
        assertEquals(
                List.of(
                        "memory.maxBytes: 33554432 in a heap of 134217728 has no room for the defaults of maxMessageBytes (expected: memory.maxBytes: 96000000 or -Xmx390m)"),
                said(mongodb, 32 * MEBIBYTE, false, 128 * MEBIBYTE));
    }

    @Test
    void eachGivenLimitIsALine() {
        JsonObject given = new JsonObject(DEFAULTS);
        set(given, 0, "maxMessageBytes", 48_000_000);
        set(given, 1, "maxMessageBytes", 64 * MEBIBYTE);
        set(given, 1, "maxAssemblyBytes", 65 * MEBIBYTE);
        set(given, 1, "maxWaitingPublishBytes", 1);
        set(given, 2, "maxBytes", 33 * MEBIBYTE);
        set(given, 3, "maxFrameBytes", "16777217");
        set(given, 3, "maxOutputBytes", 1);
        set(given, 3, "maxValueBytes", 65 * MEBIBYTE);
        set(given, 4, "maxFrameBytes", 1);
        set(given, 5, "maxWaitingBytes", 1024 * MEBIBYTE);
        set(given, 5, "maxOutputBytes", 34 * MEBIBYTE);
        given.getJsonObject("bridge").put("maxTotalBytes", 64L * 1024 * MEBIBYTE);
        assertEquals(
                List.of(
                        "connectors[0].maxMessageBytes: 48000000 (expected: <= 16777216, half of memory.maxBytes; for more, memory.maxBytes: 96000000 or -Xmx390m)",
                        "connectors[1].maxMessageBytes: 67108864 (expected: <= 16777216, half of memory.maxBytes; for more, memory.maxBytes: 134217728 or -Xmx545m)",
                        "connectors[1].maxAssemblyBytes: 68157440 (expected: <= 33554432, memory.maxBytes; for more, memory.maxBytes: 68157440 or -Xmx277m)",
                        "connectors[2].maxBytes: 34603008 (expected: <= 33554432, memory.maxBytes; for more, memory.maxBytes: 34603008 or -Xmx141m)",
                        "connectors[3].maxFrameBytes: 16777217 (expected: <= 16777216, half of memory.maxBytes; for more, memory.maxBytes: 33554434 or -Xmx137m)",
                        "connectors[3].maxValueBytes: 68157440 (expected: <= 67108864, half of the heap; for more, -Xmx139m)",
                        "connectors[5].maxWaitingBytes: 1073741824 (expected: <= 33554432, memory.maxBytes; for more, -Xmx4353m)",
                        "connectors[5].maxOutputBytes: 35651584 (expected: <= 33554432, memory.maxBytes; for more, memory.maxBytes: 35651584 or -Xmx145m)",
                        "bridge.maxTotalBytes: 68719476736 (expected: <= 33554432, memory.maxBytes; for more, -Xmx278529m)"),
                said(given, 32 * MEBIBYTE, false, 128 * MEBIBYTE).stream()
                        .filter(line -> !line.startsWith("memory"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxMessageBytes  | 16777216 |",
                "maxMessageBytes  | 16777217 | 16777217 (expected: <= 16777216, half of memory.maxBytes; for more, memory.maxBytes: 33554434 or -Xmx137m without memory.maxBytes)",
                "maxAssemblyBytes | 33554432 |",
                "maxAssemblyBytes | 33554433 | 33554433 (expected: <= 33554432, memory.maxBytes; for more, memory.maxBytes: 33554433 or -Xmx137m without memory.maxBytes)",
            })
    void whatIsAsLargeAsItCanBeIsNotMentioned(String name, long bytes, String line) {
        JsonObject amqp =
                connector("{\"type\": \"amqp\", \"maxWaitingPublishBytes\": 1, \"maxAssemblyBytes\": 33554432}");
        set(amqp, 0, name, bytes);
        assertEquals(
                line == null ? List.of() : List.of("connectors[0]." + name + ": " + line),
                said(amqp, 32 * MEBIBYTE, true, 256 * MEBIBYTE));
    }

    private static List<String> said(JsonObject document, long budgetBytes, boolean chosen, long heapBytes) {
        ProgramCheck check = new ProgramCheck(document, bad -> {
            throw bad;
        });
        return check.byteLimits().warnings(budgetBytes, chosen, heapBytes).stream()
                .map(FieldException::getMessage)
                .toList();
    }

    private static JsonObject connector(String json) {
        return new JsonObject().put("connectors", new JsonArray().add(new JsonObject(json)));
    }

    private static void set(JsonObject document, int connector, String name, Object value) {
        document.getJsonArray("connectors").getJsonObject(connector).put(name, value);
    }
}
