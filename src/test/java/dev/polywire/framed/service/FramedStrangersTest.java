package dev.polywire.framed.service;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Soak;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** F44: strangers send and leave while nobody reads; then somebody does, with 64 MB of heap. */
class FramedStrangersTest {

    @Test
    void whatNobodyReadsStaysInTheKernel() {
        run(Soak.seconds());
    }

    @Test
    void whoeverReadsGetsMessagesOfAThirdOfTheMemoryToo() {
        runWithLongMessages("0");
    }

    /** A quarter of the heap is enough for the reader of all. */
    static void run(String seconds) {
        SmallJvm.run(Program.class, seconds, "60", "1000000", "0").requireClean();
    }

    /** Whatever is read brings the memory to its limit. */
    static void runWithLongMessages(String seconds) {
        SmallJvm.run(Program.class, seconds, "8", "1000000", "3000000").requireClean();
    }

    /** For so many seconds, so many strangers, each of which sends so many bytes; the limit of the memory, 0: a quarter of the heap. */
    static final class Program {

        /** Every second stranger sends such messages, every other one a single one. */
        private static final int SHORT_BYTES = 1_000;

        private static final int MAX_BYTES_EACH = 100 * 1024;
        /** One read of a socket, and the page of an account. */
        private static final int READ_BYTES = 68 * 1024;

        private static final long BACK_BYTES = 5 * 1024 * 1024;
        private static final int ATTEMPTS = 5;
        private static final int PATIENCE_SECONDS = 60;

        private final FramedBus bus;
        private final MemoryBudget budget;
        /** Whether the limit of the memory is as usual; with less, there is too little to compare. */
        private final boolean isQuarter;

        private final int strangers;
        private final int sentBytes;
        private final AtomicLong mostBytes = new AtomicLong();

        private Program(FramedBus bus, int strangers, int sentBytes, long maxBytes) {
            this.bus = bus;
            this.budget = MemoryBudget.of(bus.vertx);
            this.strangers = strangers;
            this.sentBytes = sentBytes;
            this.isQuarter = maxBytes == 0;
            if (!isQuarter) {
                budget.limit(maxBytes);
            }
            bus.vertx.setPeriodic(1, t -> mostBytes.accumulateAndGet(budget.heldBytes(), Math::max));
        }

        public static void main(String[] arguments) {
            try (FramedBus bus = new FramedBus()) {
                new Program(
                                bus,
                                Integer.parseInt(arguments[1]),
                                Integer.parseInt(arguments[2]),
                                Long.parseLong(arguments[3]))
                        .run(Long.parseLong(arguments[0]));
            }
        }

        private void run(long seconds) {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            int port = bus.server(new JsonObject().put("codec", "utf8").put("maxConnections", strangers));
            int healthyPort = bus.server(new JsonObject().put("codec", "utf8").put("name", "healthy"));
            FramedService healthy = FramedService.proxy(bus.vertx, "polywire.healthy");
            try (FramedPeer friend = FramedPeer.connect(healthyPort);
                    Items friendly = bus.items(healthy)) {
                Runnable pings = () -> pings(friend, friendly, healthy);
                int attempts = ATTEMPTS;
                while (isQuarter && !compares(port, pings)) {
                    require(--attempts > 0, "attempts", attempts);
                    dropAll();
                }
                dropAll();
                long first = heapBytes();
                do {
                    send(connect(port));
                    pings.run();
                    readAll();
                    pings.run();
                    until("connections", 0);
                } while (System.nanoTime() < endNanos);
                long more = heapBytes() - first;
                require(more < BACK_BYTES, "bytes that stayed", more);
            }
            long maxBytes = budget.maxBytes() + budget.maxMessageBytes() + (long) strangers * READ_BYTES;
            require(mostBytes.get() <= maxBytes, "bytes in all (expected: <= " + maxBytes + ")", mostBytes.get());
            require(
                    budget.status().getLong("dropped") == 0,
                    "dropped",
                    budget.status().getLong("dropped"));
        }

        /**
         * The accounts say what the heap has; what a connection takes without its bytes is in no account. The first time loads
         * classes, and what an earlier program held may go in the middle.
         */
        private boolean compares(int port, Runnable pings) {
            long empty = heapBytes();
            List<FramedPeer> all = connect(port);
            long idle = heapBytes();
            long countedBefore = budget.heldBytes();
            send(all);
            pings.run();
            long held = heapBytes();
            long counted = budget.heldBytes() - countedBefore;
            System.out.println("held: " + (held - idle) + ", counted: " + counted);
            require(held - empty < (long) strangers * MAX_BYTES_EACH, "bytes held", held - empty);
            return Math.abs(held - idle - counted) <= counted / 5;
        }

        private List<FramedPeer> connect(int port) {
            List<FramedPeer> all = new ArrayList<>();
            for (int i = 0; i < strangers; i++) {
                all.add(FramedPeer.connect(port));
            }
            until("connections", strangers);
            return all;
        }

        private void send(List<FramedPeer> all) {
            for (int i = 0; i < strangers; i++) {
                String payload = "x".repeat(i % 2 == 0 ? sentBytes : SHORT_BYTES);
                try (FramedPeer stranger = all.get(i)) {
                    for (int sent = 0; sent < sentBytes; sent += payload.length()) {
                        stranger.send(payload);
                    }
                }
            }
            until("unread", strangers);
            until("connections", strangers);
        }

        private void dropAll() {
            for (Object each : Outcome.value(bus.server().connections())) {
                Outcome.value(bus.server().disconnect(((JsonObject) each).getString("id")));
            }
            until("connections", 0);
        }

        private void readAll() {
            Map<String, Integer> messages = new HashMap<>();
            try (Items items = bus.items(bus.server())) {
                for (int i = 0; i < strangers / 2 * (1 + sentBytes / SHORT_BYTES); i++) {
                    JsonObject item = items.next();
                    String text = item.getString("text");
                    if (text == null) {
                        throw new AssertionError(item.encode());
                    }
                    messages.merge(item.getString("connection"), text.length(), Integer::sum);
                }
            }
            messages.forEach((who, characters) ->
                    require(characters == sentBytes, "characters of connection " + who, characters));
        }

        private static void pings(FramedPeer friend, Items friendly, FramedService healthy) {
            friend.send("healthy");
            Outcome.value(healthy.send(friendly.next()));
            require(friend.text().equals("healthy"), "answers", 1);
        }

        private void until(String field, int count) {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            int is = -1;
            while (is != count && System.nanoTime() < endNanos) {
                is = Outcome.value(bus.server().status()).getInteger(field);
            }
            require(is == count, field, is);
        }

        private static long heapBytes() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        private static void require(boolean condition, String what, long is) {
            if (!condition) {
                throw new AssertionError(what + ": " + is);
            }
        }
    }
}
