package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Soak;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One client never reads, one never answers heartbeats, one sends garbage: a fourth does not notice, in 64 MB. */
class EventStoreNuisanceIT {

    @Test
    void aFourthDoesNotNotice() {
        SmallJvm.run(Program.class, Soak.seconds()).requireClean();
    }

    static final class Program {

        private static final int DATA_BYTES = 1_000;
        private static final int STREAMS = 10;

        private interface Nuisance {
            /** Until the server has enough of it. */
            void annoy(Socket socket) throws IOException;
        }

        private final LocalEventStore store = LocalEventStore.start();
        private final Random random = new Random(20);
        private final AtomicLong connected = new AtomicLong();
        private volatile boolean over;

        public static void main(String[] seconds) throws InterruptedException {
            new Program().run(Long.parseLong(seconds[0]));
        }

        private void run(long seconds) throws InterruptedException {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<Thread> threads = new ArrayList<>();
            for (Nuisance each : List.<Nuisance>of(this::neverReads, this::neverAnswers, this::sendsGarbage)) {
                Thread thread = new Thread(() -> again(each));
                thread.start();
                threads.add(thread);
            }
            long answers = 0;
            try (StoreSocket fourth = StoreSocket.connect(store.port())) {
                do {
                    EventStoreMessage written = fourth.ask(write("mine-" + answers % STREAMS));
                    require(
                            written instanceof WriteMessage.WriteEventsCompleted done
                                    && done.result() == OperationResult.SUCCESS,
                            "answer " + written);
                    require(
                            fourth.ask(new ConnectionMessage.Ping(Buffer.buffer("x")))
                                    instanceof ConnectionMessage.Pong,
                            "pong " + answers);
                    answers++;
                    // A store in 64 MB has no room for all that can be written in a minute.
                    Thread.sleep(2);
                } while (System.nanoTime() < endNanos);
            }
            over = true;
            ServerCounters counters = store.server().counters();
            System.out.println(answers + " answers, " + connected + " connections of nuisances, "
                    + counters.overflowedConnections() + " of which were full");
            require(connected.get() > 3, connected + " connections of nuisances");
            store.close();
            for (Thread each : threads) {
                each.join();
            }
        }

        private void again(Nuisance nuisance) {
            while (!over) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), store.port())) {
                    connected.incrementAndGet();
                    nuisance.annoy(socket);
                } catch (IOException closed) {
                    // The next one.
                }
            }
        }

        /** Gets what the fourth writes, and asks besides. */
        private void neverReads(Socket socket) throws IOException {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < STREAMS; i++) {
                out.write(bytes(new SubscriptionMessage.SubscribeToStream("mine-" + i, false)));
            }
            byte[] ping = bytes(new ConnectionMessage.Ping(Buffer.buffer(new byte[60_000])));
            while (!over) {
                out.write(ping);
            }
        }

        private void neverAnswers(Socket socket) throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        /** Of all commands, good and bad lengths, now and then not at all. */
        private void sendsGarbage(Socket socket) throws IOException {
            OutputStream out = socket.getOutputStream();
            Thread reads = new Thread(() -> drain(socket));
            reads.start();
            try {
                while (!over) {
                    byte[] payload = new byte[random.nextInt(1_000)];
                    random.nextBytes(payload);
                    int number = random.nextInt(256);
                    if (TcpCommand.of(number) == TcpCommand.WRITE_EVENTS) {
                        continue;
                    }
                    out.write(
                            random.nextInt(100) == 0
                                    ? payload
                                    : new TcpPackage(number, false, UUID.randomUUID(), null, Buffer.buffer(payload))
                                            .write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES)
                                            .getBytes());
                }
            } finally {
                socket.close();
                join(reads);
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
        }

        private static void drain(Socket socket) {
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                // The writer notices.
            }
        }

        private static byte[] bytes(EventStoreMessage message) {
            return TcpPackage.of(UUID.randomUUID(), message, null)
                    .write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES)
                    .getBytes();
        }

        private static EventStoreMessage write(String stream) {
            return new WriteMessage.WriteEvents(
                    stream,
                    -2,
                    List.of(new NewEvent(
                            UUID.randomUUID(),
                            "t",
                            NewEvent.BINARY,
                            Buffer.buffer(new byte[DATA_BYTES]),
                            Buffer.buffer())),
                    false);
        }

        private static void require(boolean fact, String what) {
            if (!fact) {
                throw new IllegalStateException(what);
            }
        }
    }
}
