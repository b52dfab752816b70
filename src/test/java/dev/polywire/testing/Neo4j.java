package dev.polywire.testing;

import dev.polywire.testing.leftovers.Shared;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A Neo4j 5.26 in a process of its own, for integration tests: started once for all of them, stopped with this JVM. Maven
 * finds its jars, which are those of {@code src/test/neo4j}.
 */
public final class Neo4j {

    public static final String USER = "neo4j";
    /** What it asks to be changed at the first login. */
    public static final String FIRST_PASSWORD = "neo4j";
    /** What it is changed to. */
    public static final String PASSWORD = "canary-7f3a-neo4j";

    private static Neo4j started;

    private final int port;
    private final Certificates certificates;
    private boolean known;

    private Neo4j(int port, Certificates certificates) {
        this.port = port;
        this.certificates = certificates;
    }

    /** The one for all tests. */
    public static synchronized Neo4j start() {
        if (started == null) {
            try {
                started = launch(ForeignJars.of("neo4j"));
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        }
        return started;
    }

    /** @param change of the first password to the other, made once for all tests */
    public synchronized void firstLogin(Runnable change) {
        if (!known) {
            change.run();
            known = true;
        }
    }

    /** On loopback; with TLS and without. */
    public int port() {
        return port;
    }

    public Certificates certificates() {
        return certificates;
    }

    private static Neo4j launch(ForeignJars jars) throws IOException, InterruptedException {
        Path directory = jars.target();
        Certificates certificates = Certificates.make(directory, "server", "ip:127.0.0.1,dns:localhost");
        Path log = directory.resolve("log.txt");
        Process process = Shared.NEO4J.process(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx768m",
                        "-cp",
                        jars.classPath(),
                        jars.source("Neo4jServer.java").toString(),
                        directory.toString())
                .redirectError(log.toFile())
                .start());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("READY ")) {
                return new Neo4j(Integer.parseInt(line.split(" ")[2]), certificates);
            }
        }
        throw new AssertionError("Neo4j did not start:\n" + Files.readString(log));
    }

    /** Its input's end is its sign; one that does not hear it has nothing to lose. */
    private static void stop(Process process) {
        try {
            process.getOutputStream().close();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            process.destroyForcibly();
        }
    }
}
