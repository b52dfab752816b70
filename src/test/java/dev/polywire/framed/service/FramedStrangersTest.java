package dev.polywire.framed.service;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** F44: strangers send and leave while nobody reads; then somebody does, with 64 MB of heap. */
class FramedStrangersTest {

    @Test
    void whatNobodyReadsStaysInTheKernel() {
        SmallJvm.run(Program.class, "0").requireClean();
    }

    static final class Program {

        private static final int STRANGERS = 60;
        private static final int SENT_BYTES = 1_000_000;
        /** Of 1,000 bytes each; of every second stranger it is one message. */
        private static final int MESSAGES = SENT_BYTES / 1_000;

        private static final int MAX_BYTES_EACH = 100 * 1024;
        private static final long BACK_BYTES = 5 * 1024 * 1024;
        private static final int ATTEMPTS = 5;
        private static final int PATIENCE_SECONDS = 60;

        private Program() {}

        public static void main(String[] arguments) {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[0]));
            try (FramedBus bus = new FramedBus()) {
                int port = bus.server(new JsonObject().put("codec", "utf8").put("maxConnections", STRANGERS));
                int healthyPort =
                        bus.server(new JsonObject().put("codec", "utf8").put("name", "healthy"));
                FramedService healthy = FramedService.proxy(bus.vertx, "polywire.healthy");
                try (FramedPeer friend = FramedPeer.connect(healthyPort);
                        Items friendly = bus.items(healthy)) {
                    Runnable pings = () -> pings(friend, friendly, healthy);
                    int attempts = ATTEMPTS;
                    while (!compares(bus, port, pings)) {
                        require(--attempts > 0, "attempts", attempts);
                        dropAll(bus);
                    }
                    dropAll(bus);
                    long first = heapBytes();
                    do {
                        fill(bus, port);
                        pings.run();
                        readAll(bus);
                        pings.run();
                    } while (System.nanoTime() < endNanos);
                    until(bus, "connections", 0);
                    long more = heapBytes() - first;
                    require(more < BACK_BYTES, "bytes that stayed", more);
                }
            }
        }

        /**
         * The accounts say what the heap has; what a connection takes without its bytes is in no account. The first time loads
         * classes, and what an earlier program held may go in the middle.
         */
        private static boolean compares(FramedBus bus, int port, Runnable pings) {
            MemoryBudget budget = MemoryBudget.of(bus.vertx);
            long empty = heapBytes();
            List<FramedPeer> strangers = connect(bus, port);
            long idle = heapBytes();
            long countedBefore = budget.heldBytes();
            send(bus, strangers);
            pings.run();
            long held = heapBytes();
            long counted = budget.heldBytes() - countedBefore;
            System.out.println("held: " + (held - idle) + ", counted: " + counted);
            require(held - empty < (long) STRANGERS * MAX_BYTES_EACH, "bytes held", held - empty);
            return Math.abs(held - idle - counted) <= counted / 5;
        }

        private static void fill(FramedBus bus, int port) {
            send(bus, connect(bus, port));
        }

        private static List<FramedPeer> connect(FramedBus bus, int port) {
            List<FramedPeer> strangers = new ArrayList<>();
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(FramedPeer.connect(port));
            }
            until(bus, "connections", STRANGERS);
            return strangers;
        }

        private static void send(FramedBus bus, List<FramedPeer> strangers) {
            for (int i = 0; i < STRANGERS; i++) {
                String payload = "x".repeat(i % 2 == 0 ? SENT_BYTES : SENT_BYTES / MESSAGES);
                try (FramedPeer stranger = strangers.get(i)) {
                    for (int sent = 0; sent < SENT_BYTES; sent += payload.length()) {
                        stranger.send(payload);
                    }
                }
            }
            until(bus, "unread", STRANGERS);
            until(bus, "connections", STRANGERS);
        }

        private static void dropAll(FramedBus bus) {
            for (Object each : Outcome.value(bus.server().connections())) {
                Outcome.value(bus.server().disconnect(((JsonObject) each).getString("id")));
            }
            until(bus, "connections", 0);
        }

        private static void readAll(FramedBus bus) {
            Map<String, Integer> messages = new HashMap<>();
            try (Items items = bus.items(bus.server())) {
                for (int i = 0; i < STRANGERS / 2 * (1 + MESSAGES); i++) {
                    JsonObject item = items.next();
                    require(item.containsKey("text"), "characters of " + item.encode(), 0);
                    messages.merge(
                            item.getString("connection"), item.getString("text").length(), Integer::sum);
                }
            }
            messages.forEach((who, characters) ->
                    require(characters == SENT_BYTES, "characters of connection " + who, characters));
        }

        private static void pings(FramedPeer friend, Items friendly, FramedService healthy) {
            friend.send("healthy");
            Outcome.value(healthy.send(friendly.next()));
            require(friend.text().equals("healthy"), "answers", 1);
        }

        private static void until(FramedBus bus, String field, int count) {
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
