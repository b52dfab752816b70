package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One look finds everything: file, line, path, value and what was expected. */
class CheckTest {

    private static final String CANARY = Canary.SONG + "-hunter2";

    /** A mistake and, behind {@code #>}, the complaint about it. */
    private static final String SEEDED = """
            scanMilis: 500                     #> scanMilis: unknown field (expected: one of [$schema, bridge, cluster, connectors, embedded, log, memory, scanMillis])
            log:
              level: loud                      #> log.level: "loud" (expected: one of [error, warning, info, debug, trace])
            memory:
              maxBytes: 1048575                #> memory.maxBytes: 1048575 (expected: 1048576 to HEAP)
              maxByte: 1                       #> memory.maxByte: unknown field (expected: one of [maxBytes])
            embedded:
              - type: mongo                    #> embedded[0].type: "mongo" (expected: one of [mongodb, amqp, framed-echo, bolt-echo, eventstore])
                port: 27117
            connectors:
              - type: mongodb
                port: 27o17                    #> connectors[0].port: "27o17" (expected: 0 to 65535)
                pipeline: 0                    #> connectors[0].pipeline: 0 (expected: 1 to 1000)
                failFast: "yes"                #> connectors[0].failFast: "yes" (expected: true or false)
                tls:
                  trust: no-such.pem           #> connectors[0].tls.trust: no-such.pem cannot be read (expected: a PEM file, at most 1048576 bytes)
                  verifyhost: true             #> connectors[0].tls.verifyhost: unknown field (expected: one of [certificate, key, trust, verifyHost])
              - type: framed-client
                name: mongodb                  #> connectors[1].name: mongodb is that of connectors[0] too (expected: another)
                address: polywire.framed
                port: 70000                    #> connectors[1].port: 70000 (expected: 0 to 65535)
                codec: utf16                   #> connectors[1].codec: "utf16" (expected: one of [raw, utf8, json, cbor, pickle])
                host: [a, b]                   #> connectors[1].host: an array (expected: a string)
              - type: framed-server
                port: {file: no-such-file}     #> connectors[2].port: the file cannot be read (expected: UTF-8 text, at most 65536 bytes, at no-such-file)
                instances: 2                   #> connectors[2].instances: 2 (expected: 1 to 1)
              - type: framed-server            #> connectors[3].port: missing (expected: 0 to 65535)
                name: other
              - {type: framed-server, name: third, port: 7000}
              - type: amqp
                bindings:
                  - queue: orders
                    address: polywire.mongodb  #> connectors[5].bindings[0].address: empty, reserved, or at or below polywire (expected: an address that consumers have)
            bridge:
              host: localhost
              port: 7000                       #> bridge.port: 127.0.0.1:7000 is that of connectors[4] too (expected: another)
              maxFrameBytes: {env: CANARY}     #> bridge.maxFrameBytes: *** (expected: 1024 to 16777216)
            """;

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private Written written;

    @BeforeEach
    void write() {
        written = new Written(vertx, directory);
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void everySeededMistakeIsFound() {
        List<String> expected = new ArrayList<>();
        String heap = Long.toString(Runtime.getRuntime().maxMemory());
        List<String> lines = SEEDED.replace("HEAP", heap).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split("#> ");
            if (parts.length == 2) {
                expected.add("seeded.yaml:" + (i + 1) + ": " + parts[1]);
            }
        }
        assertTrue(expected.size() >= 10);
        List<String> found =
                written.complaints(written.read(Map.of("CANARY", CANARY), written.file("seeded.yaml", SEEDED)));
        assertEquals(
                String.join("\n", expected.stream().sorted().toList()),
                String.join("\n", found.stream().sorted().toList()));
    }

    /** One that is being written must not be taken for good. */
    @Test
    void aPemFileHoldsWhatItShould() throws IOException {
        Certificates good = Certificates.make(directory, "good", "ip:127.0.0.1");
        byte[] certificate = Files.readAllBytes(Path.of(good.certificate()));
        byte[] key = Files.readAllBytes(Path.of(good.key()));
        assertTrue(Pem.CERTIFICATES.isIn(certificate));
        assertTrue(Pem.KEY.isIn(key));
        for (int cut = 0; cut < 4; cut++) {
            assertFalse(Pem.CERTIFICATES.isIn(Arrays.copyOf(certificate, certificate.length * cut / 4)));
            assertFalse(Pem.KEY.isIn(Arrays.copyOf(key, key.length * cut / 4)));
        }
        assertFalse(Pem.CERTIFICATES.isIn(key));
        assertFalse(Pem.KEY.isIn(certificate));
        byte[] both = Buffer.buffer(key).appendBytes(certificate).getBytes();
        assertTrue(Pem.BOTH.isIn(both));
        assertTrue(Pem.BOTH.isIn(Buffer.buffer(certificate).appendBytes(key).getBytes()));
        assertFalse(Pem.BOTH.isIn(certificate));
        assertFalse(Pem.BOTH.isIn(key));
        assertFalse(Pem.BOTH.isIn(Arrays.copyOf(both, both.length - certificate.length / 2)));
        assertFalse(Pem.CERTIFICATES.isIn(both));
        String tls =
                "bridge:\n  port: 7000\n  tls:\n    certificate: " + good.key() + "\n    key: " + good.certificate();
        assertEquals(
                List.of(
                        "a.yaml:4: bridge.tls.certificate: good.key is no such PEM file (expected: at least one certificate, and nothing but certificates)",
                        "a.yaml:5: bridge.tls.key: good.crt is no such PEM file (expected: a private key in PKCS #8, PKCS #1 or SEC 1, not encrypted)"),
                written.complaints(written.read(Map.of(), written.file("a.yaml", tls))));
    }

    /** The values of a field that nobody knows may be a password that was mistyped. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connectors: [{type: mongodb, port: 1, pasword: " + CANARY + "}]",
                "connectors: [{type: mongodb, port: 1, password: " + CANARY + "}]",
                "connectors: [{type: mongodb, port: 1, name: {env: CANARY}}, {type: mongodb, port: 2, name: {env: CANARY}}]",
                "connectors: [{type: {env: CANARY}}]",
                "connectors: [{type: mongodb, uri: 'mongodb://" + CANARY + ":" + CANARY + "@h/?nobodyKnows=1'}]",
                "connectors: [{type: mongodb, uri: 'mongodb://" + CANARY + ":can/" + CANARY + "@h'}]",
                "connectors: [{type: mongodb, uri: {env: CANARY}}]",
                "connectors: [{type: mongodb, uri: 'mongodb://" + CANARY + "@h', user: " + CANARY + "}]",
                "connectors: [{type: mongodb, user: " + CANARY + ", authMechanism: PLAIN}]",
                "connectors: [{type: mongodb, port: 1, host: {env: CANARY}, applicationName: {env: LONG}}]",
                "bridge: {port: 7000, call: [{address: {env: CANARY}, actions: {env: CANARY}}]}",
                "bridge: {port: 7000, host: {env: CANARY}}",
                "connectors: [{type: mongodb, port: 1, tls: {trust: {env: CANARY}}}]",
                "bridge: {port: {env: CANARY}}\nscanMillis: {env: CANARY}",
            })
    void noComplaintHoldsASecret(String text) {
        Configuration read = written.read(
                Map.of("CANARY", CANARY, "LONG", CANARY.repeat(20)), written.file("a.yaml", text.replace("\\n", "\n")));
        List<String> complaints = written.complaints(read);
        assertTrue(!complaints.isEmpty(), "it is bad");
        assertTrue(complaints.stream().noneMatch(each -> each.contains(CANARY)), complaints::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host: db.example.com, port: 1, user: me, password: x | a.yaml:2: connectors[0]: passwords or tokens in plain text at db.example.com:1 (expected: tls, or a loopback address)",
                "host: db.example.com, port: 1, token: {env: CANARY} | a.yaml:2: connectors[0]: passwords or tokens in plain text at db.example.com:1 (expected: tls, or a loopback address)",
                "host: db.example.com, port: 1, user: me, password: x, tls: {} |",
                "host: db.example.com, port: {env: PORT} |",
                "host: db.example.com, port: 1 |",
                "host: 127.0.0.1, port: 1, user: me, password: x |",
                "host: localhost, port: 1, user: me, password: x |",
                "'host: ::1, port: 1, user: me, password: x' |",
            })
    void aPasswordThatAnybodyCanReadIsAWarning(String fields, String warning) {
        String text = "connectors:\n  - {type: mongodb, " + fields.replace("::1", "'::1'") + "}";
        Configuration read = written.read(Map.of("CANARY", CANARY, "PORT", "1"), written.file("a.yaml", text));
        assertEquals(warning == null ? List.of() : List.of(warning), written.texts(read.warnings()));
    }

    /** The list of keys is cut in the page. */
    @Test
    void asThePageShowsIt() {
        Path file = written.file("my.yaml", """
                # a comment

                bridge:
                  port: 7000
                connectors:
                  - type: mongodb
                    port: 27o17
                    host: 127.0.0.1
                    pasword: x
                """);
        Configuration read = written.read(Map.of("POLYWIRE__BRIDGE__PORT", "x"), file);
        assertEquals(
                Readme.block("docs/configuration.md", "output: all errors"),
                written.complaints(read).stream()
                        .map(line ->
                                line.replaceFirst("^my", "conf/my").replaceFirst("\\[address, .*]", "[address, ...]"))
                        .toList());
    }

    @Test
    void aLimitForWhichTheHeapHasNoRoomIsAWarning() {
        Configuration read = written.yaml("""
                memory:
                  maxBytes: 33554432
                connectors:
                  - type: mongodb
                    port: 1
                    maxMessageBytes: 48000000
                bridge: {port: 2}
                """);
        assertEquals(List.of(), written.complaints(read));
        assertEquals(
                List.of(
                        "test.yaml:6: connectors[0].maxMessageBytes: 48000000 (expected: <= 16777216, half of memory.maxBytes; for more, memory.maxBytes: 96000000 or -Xmx390m without memory.maxBytes)",
                        "test.yaml:2: memory.maxBytes: 33554432 in a heap of "
                                + Runtime.getRuntime().maxMemory()
                                + " has no room for the defaults of maxTotalBytes (expected: memory.maxBytes: 67108864 or -Xmx273m without memory.maxBytes)"),
                written.texts(read.warnings()));
    }

    @Test
    void timesThatFightAreAWarning() {
        Configuration read = written.yaml("""
                connectors:
                  - type: amqp
                    consumerTimeoutMillis: 60000
                    bindings:
                      - {queue: q, address: a, timeoutMillis: 30001}
                """);
        assertEquals(List.of(), written.complaints(read));
        assertEquals(
                List.of(
                        "test.yaml:5: connectors[0].bindings[0].timeoutMillis: a message is out for 60002 ms at most (expected: <= 60000, consumerTimeoutMillis, after which the broker takes it back)"),
                written.texts(read.warnings()));
    }

    @Test
    void aLimitThatIsWrongAnywayIsNoWarning() {
        Configuration read = written.yaml(
                "memory: {maxBytes: 1048576}\nconnectors: [{type: mongodb, port: 1, maxMessageBytes: 48000001}]");
        assertEquals(1, read.complaints().size());
        assertEquals(List.of(), written.texts(read.warnings()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' ' | 1: empty (expected: a JSON object)",
                "'{ // no comments\n}' | 1: malformed (expected: JSON, which has no comments, no comma at the end, and names in quotes; HOCON, a file .conf, has them)",
                "'{\"scanMillis\": 100,\n}' | 2: malformed (expected: JSON, which has no comments, no comma at the end, and names in quotes; HOCON, a file .conf, has them)",
                "'{\"scanMillis\": 100,\n\"scanMillis\": 100}' | 2: a key that stands twice (expected: once)",
                "'{\"scanMillis\":' | 1: malformed (expected: JSON)",
                "'{}' | 1: nothing to start (expected: connectors, embedded or bridge)",
                "'{\"connectors\": []}' | 1: nothing to start (expected: connectors, embedded or bridge)",
            })
    void whatJsonIsNot(String text, String complaint) {
        Configuration read = written.read(Map.of(), written.file("a.json", text.replace("\\n", "\n")));
        assertEquals(List.of("a.json:" + complaint), written.complaints(read));
    }

    /** A name is no secret, even if its value is probably a password. */
    @Test
    void anUnknownNameIsToldAlsoOfASecret() {
        Configuration read = written.yaml("connectors: [{type: framed-client, port: 1, codec: utf8, password: x}]");
        assertTrue(
                written.complaints(read)
                        .get(0)
                        .startsWith("test.yaml:1: connectors[0].password: unknown field (expected: "),
                () -> written.complaints(read).toString());
    }

    @Test
    void permissionsThatNothingMatchesAreWarnings() {
        Configuration read = written.yaml("""
                connectors:
                  - {type: framed-client, name: f, port: 7117, codec: utf8}
                bridge:
                  port: 7000
                  call:
                    - {address: polywire.f, actions: [send, sent, ping]}
                    - {address: polywire.g, actions: [send]}
                    - {address: polywire.f.raw, actions: "*"}
                    - {address: somebody.elses, actions: [anything]}
                  listen: [polywire.f.events, polywire.g.events, news]
                  clients:
                    - name: c
                      token: 0123456789abcdef
                      call:
                        - {address: polywire.h, actions: "*"}
                """);
        assertEquals(List.of(), written.complaints(read));
        List<String> warnings = written.texts(read.warnings());
        assertEquals(4, warnings.size(), warnings::toString);
        assertTrue(
                warnings.get(0)
                        .startsWith(
                                "test.yaml:6: bridge.call[0].actions: sent: polywire.f has no such action (expected: some of ["),
                warnings::toString);
        assertEquals(
                List.of(
                        "test.yaml:7: bridge.call[1].address: polywire.g: no connector has it (expected: one of [polywire.f])",
                        "test.yaml:10: bridge.listen[1]: polywire.g.events: no connector publishes there (expected: one of [polywire.f.events])",
                        "test.yaml:15: bridge.clients[0].call[0].address: polywire.h: no connector has it (expected: one of [polywire.f])"),
                warnings.subList(1, 4));
    }

    @Test
    void aVariableWithOneUnderscoreIsAWarning() {
        String text = "connectors: [{type: framed-client, name: f, port: {env: POLYWIRE_PORT}, codec: utf8}]";
        Configuration read = written.read(
                Map.of("POLYWIRE_PORT", "7117", "POLYWIRE_CONNECTORS__0__PORT", "1", "POLYWIRE__SCAN_MILLIS", "0"),
                written.file("a.yaml", text));
        assertEquals(List.of(), written.complaints(read));
        assertEquals(
                List.of(
                        "environment POLYWIRE_CONNECTORS__0__PORT: of no effect (expected: two underscores, POLYWIRE__NAME)"),
                written.texts(read.warnings()));
    }
}
