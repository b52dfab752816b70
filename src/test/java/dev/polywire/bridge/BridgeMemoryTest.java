package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Heap;
import dev.polywire.testing.SmallJvm;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What the bridge says its clients hold, beside the memory that they take. */
class BridgeMemoryTest {

    @Test
    void theAccountsOfClientsAreWhatTheyTake() {
        SmallJvm.run(Program.class).requireClean();
    }

    /** What runs in the small JVM; its clients are there too, and leave what they are sent in the kernel. */
    static final class Program implements AutoCloseable {

        private static final int LIMIT_BYTES = 64 * 1024 * 1024;
        /** Of one case: little is beside it, and the heap is 64 MiB. */
        private static final int TOGETHER_BYTES = 8 * 1024 * 1024;

        private static final JsonObject DOCUMENT = new JsonObject("""
                {"id": 17, "name": "somebody 17", "price": 12.5, "tags": ["first of three", "second", "third"],
                 "address": {"street": "1 High Street", "city": "a city"}}""");

        private final BridgeRig rig = new BridgeRig(
                new JsonObject()
                        .put("maxOutputBytes", LIMIT_BYTES)
                        .put("maxTotalBytes", LIMIT_BYTES)
                        .put("maxRequestsPerSocket", 100_000)
                        .put("serve", new JsonArray().add("served"))
                        .put("listen", new JsonArray().add("news")),
                call("kept"),
                call("answered"));
        private final List<BridgeClient> clients = new ArrayList<>();
        private final Deque<Message<Object>> kept = new ConcurrentLinkedDeque<>();
        private volatile int answered;
        private volatile Object answer = "";

        public static void main(String[] arguments) {
            try (Program program = new Program()) {
                program.requests();
                program.served();
                program.unread();
                program.require("registrations", () -> {
                    BridgeClient client = program.client();
                    for (int i = 0; i < 1_000; i++) {
                        client.registers("served.streams." + UUID.randomUUID());
                    }
                });
            }
        }

        private Program() {
            MemoryBudget.of(rig.vertx).limit(LIMIT_BYTES);
            rig.vertx.eventBus().consumer("kept", kept::add);
            rig.vertx.eventBus().consumer("answered", message -> {
                answered++;
                message.reply(answer);
            });
        }

        @Override
        public void close() {
            rig.close();
        }

        /** Which a service has, and has not answered. */
        private void requests() {
            request("small requests", 200, new JsonObject());
            request("requests of a document", 100, DOCUMENT);
            request("requests of many documents", 1, many());
            request("requests of long texts", 1, text("x".repeat(200_000)));
            request("requests of a text with one character beyond Latin-1", 1, text("\u20ac" + "x".repeat(200_000)));
        }

        private void request(String name, int atOnce, JsonObject body) {
            require(name, () -> {
                int before = kept.size();
                BridgeClient client = client();
                for (int i = 0; i < atOnce; i++) {
                    client.request("kept", "any", body);
                }
                until(() -> kept.size() == before + atOnce);
            });
        }

        /** Which a client has, and has not answered; what the callers of small ones take is not its own. */
        private void served() {
            serve("served documents", many());
            serve("served texts", text("x".repeat(100_000)));
        }

        private void serve(String name, JsonObject body) {
            require(name, () -> {
                BridgeClient client = client().registers("served");
                // With names of its own, as from another node.
                rig.vertx.eventBus().request("served", new JsonObject(body.encode()));
                client.read();
                client.text("{\"type\":\"unregister\",\"address\":\"served\",\"replyAddress\":\"r\"}")
                        .read();
            });
        }

        /** Answers and events, beyond what the kernel has room for. */
        private void unread() {
            answers("small answers", 500, text("x".repeat(200)));
            answers("answers", 20, text("x".repeat(20_000)));
            answers("large answers", 1, text("x".repeat(1_500_000)));
            require("events", () -> {
                client().registers("news");
                requireMore(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        rig.vertx.eventBus().publish("news", DOCUMENT);
                    }
                });
            });
        }

        private void answers(String name, int atOnce, Object each) {
            answer = each;
            require(name, () -> {
                BridgeClient client = client();
                requireMore(() -> {
                    int before = answered;
                    for (int i = 0; i < atOnce; i++) {
                        client.request("answered", "any", null);
                    }
                    until(() -> answered == before + atOnce);
                });
            });
        }

        /** Repeats it until something of it is held here. */
        private void requireMore(Runnable step) {
            long before = heldBytes();
            while (heldBytes() < before + TOGETHER_BYTES) {
                step.run();
            }
        }

        private void require(String name, Runnable step) {
            long saidBefore = heldBytes();
            long directBefore = PlatformDependent.usedDirectMemory();
            long heapBytes = Heap.bytesOf(() -> {
                while (heldBytes() < saidBefore + TOGETHER_BYTES) {
                    step.run();
                }
                return kept;
            });
            long saidBytes = heldBytes() - saidBefore;
            long directBytes = PlatformDependent.usedDirectMemory() - directBefore;
            System.out.println(
                    name + ": says " + saidBytes + ", holds " + heapBytes + " and " + directBytes + " bytes");
            Heap.requireNear(heapBytes + directBytes, saidBytes);
            clients.forEach(BridgeClient::close);
            clients.clear();
            until(() -> rig.connected() == 0);
            kept.clear();
        }

        /** After what the loop was about to do. */
        private long heldBytes() {
            rig.onLoop(() -> "a turn");
            return rig.heldBytes();
        }

        private void until(BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                rig.onLoop(() -> "a turn");
            }
        }

        private BridgeClient client() {
            BridgeClient client = rig.client();
            clients.add(client);
            return client;
        }

        private static JsonObject many() {
            return new JsonObject().put("documents", new JsonArray(Collections.nCopies(200, DOCUMENT)));
        }

        private static JsonObject text(String text) {
            return new JsonObject().put("text", text);
        }
    }
}
