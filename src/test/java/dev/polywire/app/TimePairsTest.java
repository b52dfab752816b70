package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each pair of times: one that is just too far, and one that is not. */
class TimePairsTest {

    /** {@code #} is the time, which breaks the rule with the first value and keeps it with the second. */
    private static final List<String> ROWS = List.of(
            "{'type': 'amqp', 'consumerTimeoutMillis': 20000, 'slowConsumerMillis': #} | 20000 | 19999 | connectors[0].slowConsumerMillis: 20000 (expected: < 20000, consumerTimeoutMillis, after which the broker ends the consumer)",
            "{'type': 'amqp', 'consumerTimeoutMillis': 60000, 'leaseMillis': #} | 60000 | 59999 | connectors[0].leaseMillis: 60000 (expected: < 60000, consumerTimeoutMillis, after which the broker ends the consumer of an unused stream)",
            "{'type': 'amqp', 'heartbeatSeconds': #} | 76 | 75 | connectors[0].lockedAttempts: they end after 150000 ms (expected: >= 152000, two heartbeatSeconds, for which the broker keeps an exclusive queue of a lost connection)",
            "{'type': 'amqp', 'consumerTimeoutMillis': 60000, 'bindings': [{'queue': 'q', 'address': 'a', 'timeoutMillis': #}]} | 30001 | 30000 | connectors[0].bindings[0].timeoutMillis: a message is out for 60002 ms at most (expected: <= 60000, consumerTimeoutMillis, after which the broker takes it back)",
            "{'type': 'amqp', 'bindings': [{'queue': 'q', 'address': 'a', 'slowConsumerMillis': #}]} | 29999 | 30000 | connectors[0].bindings[0].slowConsumerMillis: 29999 (expected: >= 30000, timeoutMillis, for which a consumer may take nothing)",
            "{'type': 'bolt', 'maxIdleMillis': 60000, 'checkAfterMillis': #} | 60000 | 59999 | connectors[0].checkAfterMillis: 60000 (expected: < 60000, maxIdleMillis, after which the connection is closed unasked)",
            "{'type': 'bolt-server', 'port': 1, 'handler': 'h', 'handshakeTimeoutMillis': #} | 10000 | 9999 | connectors[0].handshakeTimeoutMillis: 10000 (expected: < 10000, loginTimeoutMillis, which begins at the same time)",
            "{'type': 'bolt-server', 'port': 1, 'handler': 'h', 'loginTimeoutMillis': #} | 1000 | 1001 | connectors[0].wrongLoginDelayMillis: 1000 (expected: < 1000, loginTimeoutMillis, after which a client is cut off and never hears why)",
            "{'type': 'bolt-server', 'port': 1, 'handler': 'h', 'transactionTimeoutMillis': 5000, 'handlerTimeoutMillis': #} | 5001 | 5000 | connectors[0].handlerTimeoutMillis: 5001 (expected: <= 5000, transactionTimeoutMillis, which ends the answer too)",
            "{'type': 'framed-server', 'port': 1, 'correlation': true, 'idleTimeoutMillis': 5000, 'bindings': [{'address': 'a', 'timeoutMillis': #}]} | 5001 | 5000 | connectors[0].bindings[0].timeoutMillis: 5001 (expected: <= 5000, idleTimeoutMillis, after which the connection is closed that waits for the reply)",
            "{'bridge': #} | 20000 | 20001 | bridge.idleTimeoutMillis: 20000 (expected: > 20000, the milliseconds after which the Python client pings)");

    static Stream<Arguments> rows() {
        return ROWS.stream()
                .map(row -> Arguments.of((Object[]) row.replace('\'', '"').split(" \\| ")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aTimeThatIsTooFarIsAWarning(String part, String tooFar, String near, String line) {
        assertEquals(List.of(line), said(document(part, tooFar)));
        assertEquals(List.of(), said(document(part, near)));
    }

    /** In the table's order, and none without a row. */
    @Test
    void eachPairHasARow() {
        assertEquals(
                TimePairs.ALL.stream()
                        .map(pair -> pair.name().replace("[]", "[0]"))
                        .toList(),
                rows().map(row ->
                                row.get()[3].toString().split(":")[0].replaceFirst("^(connectors\\[0]|bridge)[.]", ""))
                        .toList());
    }

    /** Of messages that go nowhere, and of what nobody has chosen. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'amqp', 'consumerTimeoutMillis': 0, 'leaseMillis': 3600000, 'bindings': [{'queue': 'q', 'address': 'a', 'timeoutMillis': 86400000}]}",
                "{'type': 'amqp', 'consumerTimeoutMillis': 2000}",
                "{'type': 'amqp', 'heartbeatSeconds': 0, 'lockedAttempts': 1}",
                "{'type': 'amqp', 'consumerTimeoutMillis': 60000, 'bindings': [{'queue': 'q', 'address': 'a', 'timeoutMillis': 60000, 'onTimeout': 'reject'}]}",
                "{'type': 'amqp', 'bindings': [{'queue': 'q', 'address': 'a', 'timeoutMillis': 60000}]}",
                "{'type': 'bolt', 'maxIdleMillis': 1000}",
                "{'type': 'bolt-server', 'port': 1, 'handler': 'h', 'loginTimeoutMillis': 2000, 'transactionTimeoutMillis': 1}",
                "{'type': 'framed-server', 'port': 1, 'idleTimeoutMillis': 5000, 'bindings': [{'address': 'a', 'timeoutMillis': 60000}]}",
                "{'type': 'framed-server', 'port': 1, 'correlation': true, 'idleTimeoutMillis': 5000, 'bindings': [{'address': 'a'}]}",
            })
    void whatFightsNothingIsNone(String connector) {
        assertEquals(List.of(), said(document(connector.replace('\'', '"'), "")));
    }

    @Test
    void eachBindingIsJudgedAlone() {
        String amqp = "{'type': 'amqp', 'consumerTimeoutMillis': 60000, 'bindings': [{'queue': 'q', 'address': 'a'},"
                + " {'queue': 'q', 'address': 'a', 'timeoutMillis': 30001}]}";
        List<String> said = said(document(amqp.replace('\'', '"'), ""));
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.get(0).startsWith("connectors[0].bindings[1].timeoutMillis: "), said::toString);
    }

    @Test
    void noExampleHasOne() throws IOException {
        Path conf = Path.of(System.getProperty("polywire.basedir", "."), "conf");
        int examples = 0;
        try (Stream<Path> files = Files.list(conf)) {
            for (Path file : files.filter(each -> Format.of(each) != null).toList()) {
                Configuration read = Configuration.read(Map.of(), file);
                assertEquals(List.of(), read.complaints(), file::toString);
                assertTrue(
                        read.warnings().stream().noneMatch(each -> each.path().matches(".*(Millis|Attempts)")),
                        () -> file + ": " + read.warnings());
                examples++;
            }
        }
        assertTrue(examples >= 8, "examples: " + examples);
    }

    private static List<String> said(JsonObject document) {
        ProgramCheck check = new ProgramCheck(document, bad -> {
            throw bad;
        });
        return check.warnings().stream().map(FieldException::getMessage).toList();
    }

    /** A whole configuration from a connector, or from the bridge's idle time. */
    private static JsonObject document(String part, String value) {
        if (part.startsWith("{\"bridge\"")) {
            return new JsonObject(part.replace("#", "{\"port\": 2, \"idleTimeoutMillis\": " + value + "}"));
        }
        return new JsonObject().put("connectors", new JsonArray().add(new JsonObject(part.replace("#", value))));
    }
}
