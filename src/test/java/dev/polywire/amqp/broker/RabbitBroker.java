package dev.polywire.amqp.broker;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.leftovers.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A RabbitMQ from the system's packages, as processes of ours. It is up in about 6 s, again in 5 s. */
public final class RabbitBroker implements Broker {

    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;

    private final Path home;
    private final RabbitFiles files;
    private Process broker;
    /** Erlang's port mapper; without one of ours the broker starts one that outlives it. */
    private Process mapper;

    private boolean ended;

    /** @param home where {@code bin/rabbitmq-server} is: {@code /usr/lib/rabbitmq} with Debian, or what {@code .ci/rabbitmq-trixie} made */
    RabbitBroker(Path home) {
        this.home = home;
        try {
            files = RabbitFiles.make(home);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public String name() {
        return "RabbitMQ";
    }

    @Override
    public int port() {
        return files.port();
    }

    /** With TLS; who has {@link #clientCertificates} may log in with EXTERNAL. */
    public EndpointOptions tlsEndpoint() {
        return EndpointOptions.of(host(), files.tlsPort());
    }

    public Certificates certificates() {
        return files.server();
    }

    /** Of a user with all permissions. */
    public Certificates clientCertificates() {
        return files.client();
    }

    @Override
    public Set<Feature> lacks() {
        return Set.of();
    }

    @Override
    public synchronized void start() {
        if (broker != null && broker.isAlive()) {
            return;
        }
        if (ended) {
            throw new IllegalStateException("this JVM is ending");
        }
        boolean first = mapper == null;
        if (first) {
            mapper = launch("epmd", "-address", "127.0.0.1", "-port", Integer.toString(files.mapperPort()));
        }
        broker = launch(command("rabbitmq-server"), "-noinput");
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(START_SECONDS))
                .until(() -> isUp() || !broker.isAlive());
        if (!broker.isAlive()) {
            throw new AssertionError("RabbitMQ did not start:\n" + output());
        }
        // It listens before it counts as running: until then 4.0 drops direct replies without a word.
        ctl("await_startup");
        if (first) {
            ctl("add_user", RabbitFiles.TLS_USER, "its certificate lets it in");
            ctl("set_permissions", RabbitFiles.TLS_USER, ".*", ".*", ".*");
        }
    }

    @Override
    public synchronized void stop() {
        broker.destroy();
        awaitEnd(broker);
    }

    @Override
    public synchronized void kill() {
        if (broker != null) {
            broker.destroyForcibly();
            awaitEnd(broker);
        }
    }

    /** The end of all, files too. */
    synchronized void end() {
        ended = true;
        kill();
        if (mapper != null) {
            mapper.destroyForcibly();
            awaitEnd(mapper);
        }
        try {
            files.delete();
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    /** Runs {@code rabbitmqctl}, about half a second. @return what it printed */
    public String ctl(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(command("rabbitmqctl"), "-q"));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(files.environment());
            Process ctl = builder.start();
            ctl.getOutputStream().close();
            String said = new String(ctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ctl.waitFor() != 0) {
                throw new AssertionError(String.join(" ", arguments) + ": " + said);
            }
            return said;
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Puts on disk what was declared: RabbitMQ 3.10 that has just started may answer before it does, and a kill would undo it. */
    public void sync() {
        ctl("eval", "mnesia:sync_log().");
    }

    /** Memory alarm on: connections that publish are blocked, and told so if they can hear it. Off: the default again. */
    public void alarm(boolean on) {
        ctl("set_vm_memory_high_watermark", on ? "0" : "0.4");
    }

    /** Closes all connections from the broker's side: 320 CONNECTION_FORCED. */
    public void closeAllConnections(String reason) {
        ctl("close_all_connections", reason);
    }

    /** A virtual host of its own, where {@link #user} may do everything. */
    public String addVirtualHost(String name) {
        ctl("add_vhost", name);
        ctl("set_permissions", "-p", name, user(), ".*", ".*", ".*");
        return name;
    }

    /** Processes of ours that are alive. */
    Stream<ProcessHandle> processes() {
        return Stream.of(broker, mapper).map(Process::toHandle).filter(ProcessHandle::isAlive);
    }

    private String command(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private Process launch(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(files.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(files.output().toFile()));
            builder.environment().putAll(files.environment());
            return Shared.RABBITMQ.process(builder.start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** It answers to the protocol header. */
    private boolean isUp() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
            return socket.getInputStream().read() == 1;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(files.output());
        } catch (IOException none) {
            return none.toString();
        }
    }

    private static void awaitEnd(Process process) {
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
}
