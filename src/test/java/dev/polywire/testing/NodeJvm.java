package dev.polywire.testing;

import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A cluster node in a JVM of its own, which serves a probe. It can be told to leave, and it can be killed. */
public final class NodeJvm implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader said;

    private NodeJvm(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Joins a cluster. Returns when it serves. */
    public static NodeJvm join(LoopbackCluster cluster) {
        try {
            NodeJvm node = new NodeJvm(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-Dvertx.disableDnsResolver=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            NodeJvm.class.getName(),
                            cluster.name(),
                            String.join(",", cluster.members()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
            node.await("serving");
            return node;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Undeploys the probe, and stays in the cluster. Returns when it has left. */
    public void undeploy() {
        try {
            OutputStream in = process.getOutputStream();
            in.write('\n');
            in.flush();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        await("left");
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("not dead");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void await(String word) {
        try {
            for (String line = said.readLine(); !word.equals(line); line = said.readLine()) {
                if (line == null) {
                    throw new AssertionError("the node ended before it said: " + word);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The node: its standard input tells it to undeploy, and its end to stop. */
    public static void main(String[] arguments) throws IOException {
        Logger.getLogger("").setLevel(Level.OFF);
        LoopbackNode node = Outcome.value(LoopbackNode.join(arguments[0], Arrays.asList(arguments[1].split(","))));
        String id =
                Outcome.value(node.vertx().deployVerticle(new ProbeVerticle(new JsonObject().put("drainMillis", 500))));
        System.out.println("serving");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (orders.readLine() != null) {
            Outcome.value(node.vertx().undeploy(id));
            System.out.println("left");
            orders.readLine();
        }
        Runtime.getRuntime().halt(0);
    }
}
