package dev.polywire.app;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.TextMachine;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The program with faults: each line of its standard input is the name of one that begins then. */
final class FaultyProgram {

    enum Fault {
        /** The heap is full in a task of an event loop. */
        HEAP_ON_A_LOOP(vertx -> vertx.runOnContext(v -> fillHeap())),
        HEAP_IN_A_CONNECTION(vertx -> connection(vertx, FaultyProgram::fillHeap)),
        HEAP_ON_A_THREAD(vertx -> new Thread(FaultyProgram::fillHeap).start()),
        HEAP_IN_A_WORKER(vertx -> {
            DeploymentOptions worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
            vertx.deployVerticle(new Filling(), worker);
        }),
        /** Its error stays in a future that nobody looks at. */
        HEAP_AND_NOBODY_IS_TOLD(vertx -> vertx.executeBlocking(() -> {
            fillHeap();
            return true;
        })),
        DIRECT_IN_A_CONNECTION(vertx -> connection(vertx, FaultyProgram::fillDirectMemory)),
        ONE_LOOP_BLOCKED(vertx -> vertx.runOnContext(v -> block())),
        ALL_LOOPS_BLOCKED(vertx -> Spi.eventLoops(vertx).forEach(loop -> loop.execute(FaultyProgram::block))),
        /** Nobody reads what it prints. */
        OUTPUT_BLOCKED(vertx -> new Thread(FaultyProgram::print).start());

        private final Consumer<Vertx> begins;

        Fault(Consumer<Vertx> begins) {
            this.begins = begins;
        }
    }

    private static final class Filling extends VerticleBase {

        @Override
        public Future<?> start() {
            context.runOnContext(v -> fillHeap());
            return Future.succeededFuture();
        }
    }

    private static final class Faulty extends Connection<String> {

        private final Runnable fault;

        Faulty(OpenSocket<String> socket, Runnable fault) {
            super(socket);
            this.fault = fault;
        }

        @Override
        protected void event(String event) {
            fault.run();
        }

        @Override
        protected void ended(RuntimeException cause) {
            System.out.println("connection ended");
        }
    }

    private record Held(byte[] bytes, @Nullable Held before) {}

    private static @Nullable Held held;
    private static final List<ByteBuffer> DIRECT = new ArrayList<>();

    private FaultyProgram() {}

    /** @param arguments the configuration; how many milliseconds a tick of the watchdog has */
    public static void main(String[] arguments) throws InterruptedException {
        Watchdog watchdog = Watchdog.start(Long.parseLong(arguments[1]));
        Foreground foreground = Foreground.enter(watchdog, null);
        Vertx vertx = Vertx.vertx();
        Thread faults = new Thread(() -> begin(vertx));
        faults.setDaemon(true);
        faults.start();
        Configuration configuration =
                Configuration.load(vertx, Path.of(arguments[0])).await();
        System.exit(foreground.run(vertx, configuration) ? 0 : 1);
    }

    private static void begin(Vertx vertx) {
        try (BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String name = names.readLine(); name != null; name = names.readLine()) {
                Fault.valueOf(name).begins.accept(vertx);
            }
        } catch (IOException over) {
            throw new AssertionError(over);
        }
    }

    /** One text arrives at a connection. */
    private static void connection(Vertx vertx, Runnable fault) {
        Acceptor acceptor = new Acceptor(vertx, EndpointOptions.of("127.0.0.1", 0), "text", Spi.NONE);
        acceptor.listen(accepted -> accepted.attach(new TextMachine(), socket -> new Faulty(socket, fault)))
                .onSuccess(port -> {
                    TextMachine client = new TextMachine();
                    client.send("hello");
                    new Dialer(vertx, EndpointOptions.of("127.0.0.1", port), "text", Spi.NONE)
                            .connect(client, socket -> new Faulty(socket, () -> {}));
                });
    }

    /** Leaves less than 16 bytes, and keeps it so. */
    private static void fillHeap() {
        OutOfMemoryError full = new OutOfMemoryError("to begin with");
        for (int bytes = 1 << 20; bytes > 0; bytes /= 16) {
            try {
                while (true) {
                    held = new Held(new byte[bytes], held);
                }
            } catch (OutOfMemoryError smaller) {
                full = smaller;
            }
        }
        throw full;
    }

    private static void fillDirectMemory() {
        while (true) {
            DIRECT.add(ByteBuffer.allocateDirect(1 << 20));
        }
    }

    private static void print() {
        while (true) {
            System.err.println("a line that nobody reads");
        }
    }

    private static void block() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
