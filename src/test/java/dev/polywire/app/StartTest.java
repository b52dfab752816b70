package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start says that fails. */
@Timeout(60)
class StartTest {

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embedded: [{type: mongodb, port: %d}] | mongodb",
                "embedded: [{type: amqp, port: %d}] | amqp",
                "embedded: [{type: framed-echo, port: %d}] | framed-echo",
                "embedded: [{type: bolt-echo, port: %d}] | bolt-echo",
                "embedded: [{type: eventstore, port: %d}] | eventstore",
                "connectors: [{type: framed-server, name: f, port: %d, codec: utf8}] | f",
                "connectors: [{type: bolt-server, name: b, port: %d, handler: h}] | b",
                "bridge: {port: %d} | bridge",
            })
    void aTakenPort(String part, String name) throws Exception {
        try (ServerSocket taken = Ports.listen(0)) {
            int port = taken.getLocalPort();
            assertEquals(
                    "test.yaml:2: " + name + ": 127.0.0.1:" + port
                            + " is taken by another program (expected: a free port)",
                    said("# a comment\n" + part.formatted(port)));
        }
    }

    @Test
    void asThePageShowsIt() throws Exception {
        try (ServerSocket taken = Ports.listen(0)) {
            int port = taken.getLocalPort();
            String said = said("\n".repeat(11) + "bridge: {port: " + port + "}");
            assertEquals(
                    Readme.block("docs/configuration.md", "output: a taken port"),
                    List.of("cannot start: conf/" + said.replace("test.", "my.").replace(":" + port, ":7000")));
        }
    }

    /** The part in its own line, not the first of its kind; what has started is stopped. */
    @Test
    void whichOfThem() throws Exception {
        try (ServerSocket taken = Ports.listen(0)) {
            int port = taken.getLocalPort();
            String said = said("""
                    connectors:
                      - {type: framed-server, name: one, port: 0, codec: utf8}
                      - type: framed-server
                        name: two
                        port: %d
                        codec: utf8
                    """.formatted(port));
            assertTrue(said.startsWith("test.yaml:3: two: 127.0.0.1:" + port), said);
        }
        assertEquals(List.of(), List.copyOf(vertx.deploymentIDs()));
    }

    @Test
    void notAnAddressOfThisMachine() {
        String said = said("connectors: [{type: framed-server, name: f, host: 192.0.2.1, port: 7000, codec: utf8}]");
        assertTrue(said.startsWith("test.yaml:1: f: 192.0.2.1:7000: cannot listen: "), said);
        assertTrue(said.endsWith("(expected: an address of this machine, and a port that this user may have)"), said);
    }

    @Test
    void oneLineOfTheProcess() throws Exception {
        try (ServerSocket taken = Ports.listen(0)) {
            Path file = Files.writeString(
                    directory.resolve("taken.json"), "{\"bridge\": {\"port\": " + taken.getLocalPort() + "}}");
            try (ProgramProcess program = ProgramProcess.start(file)) {
                assertEquals(
                        List.of("cannot start: " + file + ":1: bridge: 127.0.0.1:" + taken.getLocalPort()
                                + " is taken by another program (expected: a free port)"),
                        program.rest());
                assertEquals(1, program.exit());
            }
        }
    }

    private String said(String yaml) {
        Written written = new Written(vertx, directory);
        Configuration configuration = written.read(Map.of(), written.file("test.yaml", yaml));
        assertEquals(List.of(), configuration.complaints());
        StartException cannot =
                assertInstanceOf(StartException.class, Outcome.failure(Program.start(vertx, configuration)));
        return String.valueOf(cannot.getMessage()).replace(directory + "/", "");
    }
}
