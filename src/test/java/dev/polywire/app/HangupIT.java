package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP to the program's jar. */
@Timeout(120)
class HangupIT {

    private static final String JAR = Path.of(System.getProperty("polywire.basedir", "."), "target/polywire.jar")
            .toString();

    /** Runs a command that hears the signal, also where the build does not, as under nohup: a JVM leaves alone what is ignored. */
    private static final String HEARING = """
            import os, signal, sys
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.execvp(sys.argv[1], sys.argv[1:])
            """;

    /** The same in a terminal of its own, which closes when the program is up. */
    private static final String TERMINAL = """
            import os, pty, signal, sys
            pid, terminal = pty.fork()
            if pid == 0:
                signal.signal(signal.SIGHUP, signal.SIG_DFL)
                os.execvp(sys.argv[1], sys.argv[1:])
            printed = b""
            while b"Polywire is up." not in printed:
                printed += os.read(terminal, 1000)
            os.close(terminal)
            print("ended with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;

    @TempDir
    Path directory;

    private final int port = ProgramProcess.freePorts(1)[0];

    @Test
    void readsTheConfigurationAgainAtOnce() throws Exception {
        Path file = write("first");
        try (ProgramProcess program = run(HEARING, file)) {
            program.await("Polywire is up.");
            write("second");
            program.hangUp();
            program.awaitLineWith("SIGHUP: the configuration is read again");
            program.awaitLineWith("configuration changed: first");

            write("third\", \"nobodyKnows\": \"");
            program.hangUp();
            program.awaitLineWith("SIGHUP: the configuration is read again");
            program.awaitLineWith("configuration refused, the old one goes on");
            program.awaitLineWith("connectors[0].nobodyKnows: unknown field");
            program.hangUp();
            program.awaitLineWith("SIGHUP: the configuration is read again");
            program.awaitLineWith("configuration refused, the old one goes on");

            write("second");
            program.hangUp();
            program.awaitLineWith("SIGHUP: the configuration is read again");
            program.terminate();
            List<String> printed = program.await("stopped");
            assertEquals(128 + 15, program.exit());
            assertEquals(
                    2,
                    printed.stream()
                            .filter(line -> line.contains("configuration refused"))
                            .count(),
                    printed::toString);
            assertTrue(printed.stream().noneMatch(line -> line.contains("third")), printed::toString);
        }
    }

    /** Its only connector waits for a server that takes its time. */
    @Test
    void duringTheStartItIsDoneAfterIt() throws Exception {
        Vertx vertx = Vertx.vertx();
        CompletableFuture<Runnable> greeted = new CompletableFuture<>();
        ScriptedMongo mongo =
                new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", port), new ScriptedMongo.Script() {

                    @Override
                    public void request(ScriptedPeer peer, MongoServerMachine.Request request) {}

                    @Override
                    public void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
                        Context connection = vertx.getOrCreateContext();
                        greeted.complete(
                                () -> connection.runOnContext(now -> peer.reply(request, ScriptedHello.today())));
                    }
                });
        Outcome.value(mongo.listen());
        Path file = Files.writeString(
                directory.resolve("slow.json"),
                "{\"scanMillis\": 0, \"connectors\": [{\"type\": \"mongodb\", \"failFast\": true, \"heartbeatMillis\": 0,"
                        + " \"connectTimeoutMillis\": 60000, \"port\": " + port + "}]}");
        try (ProgramProcess program = run(HEARING, file)) {
            Runnable answer = greeted.get();
            program.hangUp();
            answer.run();
            program.await("Polywire is up.");
            program.awaitLineWith("SIGHUP: the configuration is read again");
        } finally {
            Outcome.value(vertx.close());
        }
    }

    /** Nobody reads any more what it prints. */
    @Test
    void endsInOrderWithItsTerminal() throws Exception {
        try (ProgramProcess program = run(TERMINAL, write("first"))) {
            program.await("ended with 129");
            assertEquals(0, program.exit());
        }
    }

    private static ProgramProcess run(String script, Path configuration) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return ProgramProcess.of(
                Path.of(""),
                Map.of(),
                List.of(
                        "python3",
                        "-c",
                        script,
                        java.toString(),
                        "-jar",
                        JAR,
                        "run",
                        "--conf",
                        configuration.toString()));
    }

    /** Its files are not watched. */
    private Path write(String name) throws IOException {
        return Files.writeString(
                directory.resolve("conf.json"),
                "{\"scanMillis\": 0, \"connectors\": [{\"type\": \"framed-server\", \"port\": " + port
                        + ", \"name\": \"" + name + "\"}]}");
    }
}
