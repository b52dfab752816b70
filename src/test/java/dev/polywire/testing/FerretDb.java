package dev.polywire.testing;

import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A FerretDB, a MongoDB server written by others, as a process of ours. It is up within half a second, so that each test
 * class has one of its own. Its programs are what {@code .ci/ferretdb FOLDER} made, for {@code -Dferretdb=FOLDER}.
 */
public final class FerretDb implements AutoCloseable {

    public static final String USER = "ferret";
    public static final String PASSWORD = "canary-7f3a-ferretdb";
    /** Where the user is known. */
    public static final String AUTH_SOURCE = "users";

    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;

    private final Path directory;
    private final int port;
    /** The file of who has signed its certificate; null: it has none. */
    private final String authority;

    private final List<String> command;
    private Process process;

    private FerretDb(Path directory, int port, String authority, List<String> command) {
        this.directory = directory;
        this.port = port;
        this.authority = authority;
        this.command = command;
        process = start();
    }

    /** Up, or failed. */
    private Process start() {
        process = launch(command);
        Awaitility.await().atMost(Duration.ofSeconds(START_SECONDS)).until(() -> isUp() || !process.isAlive());
        if (!process.isAlive()) {
            String said = output();
            close();
            throw new AssertionError("FerretDB did not start:\n" + said);
        }
        return process;
    }

    /** SIGKILL. What it had written is there when it is started {@link #again}. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Started again behind a {@link #kill}, at the same port. */
    public void again() {
        start();
    }

    /** Without any login. */
    public static FerretDb plain() {
        Path directory = directory();
        int port = Ports.free();
        return new FerretDb(
                directory, port, null, List.of(program("ferretdb-plain"), "127.0.0.1:" + port, directory.toString()));
    }

    /** With a user, {@link #USER}, who can log in by both SCRAMs. */
    public static FerretDb withLogin() {
        int port = Ports.free();
        return own(directory(), port, null, "--listen-addr=127.0.0.1:" + port);
    }

    /** The same, behind TLS only. */
    public static FerretDb withTls() {
        Path directory = directory();
        Certificates certificates = Certificates.signed(directory, "server", "ip:127.0.0.1,dns:localhost");
        int port = Ports.free();
        return own(
                directory,
                port,
                Certificates.authority(directory, "server").certificate(),
                "--listen-addr=",
                "--listen-tls=127.0.0.1:" + port,
                "--listen-tls-cert-file=" + certificates.certificate(),
                "--listen-tls-key-file=" + certificates.key());
    }

    /** With a login, and as the only member of a replica set. */
    public static FerretDb ofReplicaSet(String name) {
        int port = Ports.free();
        return own(directory(), port, null, "--listen-addr=127.0.0.1:" + port, "--repl-set-name=" + name);
    }

    private static FerretDb own(Path directory, int port, String authority, String... listening) {
        List<String> command = new ArrayList<>(List.of(
                program("ferretdb"),
                "--handler=sqlite",
                "--sqlite-url=file:" + directory + "/",
                "--state-dir=" + directory,
                "--telemetry=disable",
                "--debug-addr=-",
                "--test-enable-new-auth",
                "--setup-username=" + USER,
                "--setup-password=" + PASSWORD,
                "--setup-database=" + AUTH_SOURCE));
        command.addAll(List.of(listening));
        return new FerretDb(directory, port, authority, command);
    }

    public int port() {
        return port;
    }

    public EndpointOptions endpoint() {
        return EndpointOptions.fromJson(Fields.of(settings()));
    }

    /** The same as a connector has it: port, and whom to trust if it has TLS. */
    public JsonObject settings() {
        JsonObject settings = new JsonObject().put("port", port);
        return authority == null ? settings : settings.put("tls", new JsonObject().put("trust", authority));
    }

    /** It stands still: its kernel takes connections, and nobody answers. */
    public void stand() {
        signal("STOP");
    }

    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.onExit().join().exitValue() != 0) {
                throw new AssertionError("kill -" + name + ": " + kill.exitValue());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What it has said, for the message of a test that fails. */
    public String output() {
        try {
            return Files.readString(directory.resolve("output.txt"));
        } catch (IOException none) {
            return none.toString();
        }
    }

    /** It is gone, and its files. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
        } finally {
            process.destroyForcibly();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    private Process launch(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("output.txt").toFile()))
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private boolean isUp() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String program(String name) {
        String folder = System.getProperty("ferretdb");
        if (folder == null) {
            throw new AssertionError("no -Dferretdb=FOLDER, which .ci/ferretdb FOLDER makes");
        }
        return Path.of(folder, "bin", name).toString();
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("ferretdb");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
