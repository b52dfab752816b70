package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.testing.SmallJvm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Malformed frames, from clients that read, or do not, or go in the middle, with 64 MB of heap. */
class BridgeMalformedTest {

    @Test
    void aHealthyClientNeverNotices() {
        assertNobodyNotices();
    }

    static void assertNobodyNotices(String... seconds) {
        SmallJvm.End end = SmallJvm.run(Hostile.class, seconds).requireClean();
        assertFalse(end.output().contains("closing the connection"), end.output());
    }

    /** What runs in the small JVM. */
    static final class Hostile {

        private static final int SOCKETS = 150;
        private static final int MAX_FRAMES = 40;
        /** {@code maxJsonDepth}, by default. */
        private static final int MAX_LEVELS = 64;

        private static final List<String> VALID = List.of(
                "{'type':'send','address':'echo','replyAddress':'r','headers':{'action':'x','timeout':'9'},'body':{'b':[1]}}",
                "{'type':'send','address':'silent','replyAddress':'r','headers':{'timeout':9}}",
                "{'type':'send','address':'polywire.reply.1','body':[1,2]}",
                "{'type':'publish','address':'news','headers':{'h':'v'},'body':{'n':1}}",
                "{'type':'register','address':'news'}",
                "{'type':'register','address':'svc.streams.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f','replyAddress':'r'}",
                "{'type':'unregister','address':'news','headers':{}}",
                "{'type':'err','address':'polywire.reply.2','failureCode':4404,'message':'m','debugInfo':{}}",
                "{'type':'auth','token':'0123456789abcdef'}",
                "{'type':'ping'}");

        private final Random random = new Random(20_261_121);

        private Hostile() {}

        /** @param arguments for how many seconds; none: for some sockets */
        public static void main(String[] arguments) throws Exception {
            JsonObject config = new JsonObject()
                    .put("serve", new JsonArray().add("svc"))
                    .put("listen", new JsonArray().add("news"))
                    .put("maxTotalBytes", 8_388_608);
            try (BridgeRig rig = new BridgeRig(config, call("echo"), call("silent"), call("news"), call("svc"))) {
                rig.vertx.eventBus().consumer("echo", message -> message.reply(message.body()));
                rig.vertx.eventBus().consumer("silent", message -> {});
                AtomicBoolean over = new AtomicBoolean();
                Thread healthy = new Thread(() -> healthy(rig, over));
                healthy.start();
                Hostile hostile = new Hostile();
                if (arguments.length == 0) {
                    IntStream.range(0, SOCKETS).forEach(each -> hostile.attack(rig));
                } else {
                    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[0]));
                    while (System.nanoTime() < endNanos) {
                        hostile.attack(rig);
                    }
                }
                over.set(true);
                healthy.join();
                System.out.println(rig.counters());
            }
        }

        private static void healthy(BridgeRig rig, AtomicBoolean over) {
            try (BridgeClient client = rig.client()) {
                for (int n = 0; !over.get(); n++) {
                    JsonObject body = new JsonObject().put("n", n);
                    JsonObject answer = client.request("echo", "any", body).read();
                    if (!body.equals(answer.getValue("body"))) {
                        throw new AssertionError("noticed: " + answer);
                    }
                }
            } catch (Throwable noticed) {
                noticed.printStackTrace();
                System.exit(2);
            }
        }

        /** One socket. */
        private void attack(BridgeRig rig) {
            BridgeClient client = rig.client();
            boolean reads = random.nextBoolean();
            try {
                client.patience(10);
                for (int frames = random.nextInt(MAX_FRAMES); frames >= 0; frames--) {
                    client.raw(malformed());
                }
                while (reads) {
                    client.read();
                }
            } catch (UncheckedIOException end) {
                // All is read, or the framing was broken and the bridge has closed.
            }
            client.close();
        }

        private byte[] malformed() {
            byte[] frame =
                    BridgeClient.frame(VALID.get(random.nextInt(VALID.size())).replace('\'', '"'));
            switch (random.nextInt(8)) {
                case 0 -> random.nextBytes(frame);
                case 1 -> frame[random.nextInt(4)] = (byte) random.nextInt();
                case 2 -> {
                    return Arrays.copyOf(frame, 1 + random.nextInt(frame.length));
                }
                case 3 -> {
                    return BridgeClient.frame(
                            (random.nextBoolean() ? "[" : "{\"a\":").repeat(random.nextInt(MAX_LEVELS + 2)));
                }
                case 4 -> {
                    byte[] noise = new byte[random.nextInt(100_000)];
                    random.nextBytes(noise);
                    return ByteBuffer.allocate(4 + noise.length)
                            .putInt(noise.length)
                            .put(noise)
                            .array();
                }
                case 5 -> {
                    return frame;
                }
                case 6 -> {
                    return BridgeClient.frame("{\"type\":\"send\",\"address\":\"echo\",\"body\":{\"x\":\""
                            + "\\u0000".repeat(random.nextInt(100_000)) + "\"},\"replyAddress\":\"r\"}");
                }
                default -> {
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        frame[4 + random.nextInt(frame.length - 4)] = (byte) random.nextInt();
                    }
                }
            }
            return frame;
        }
    }
}
