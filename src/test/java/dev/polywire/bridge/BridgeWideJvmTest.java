package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;

import dev.polywire.testing.SmallJvm;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Legal frames of many tiny values, which weigh more as objects than as bytes, with 64 MB of heap. */
class BridgeWideJvmTest {

    @Test
    void whatIsSmallOnTheWireIsWeighedAsItIsHeld() {
        SmallJvm.run(Hostile.class).requireClean();
    }

    /** What runs in the small JVM. */
    static final class Hostile {

        private static final int SOCKETS = 20;
        private static final int FRAME_BYTES = 1_000_000;

        private Hostile() {}

        public static void main(String[] arguments) {
            try (BridgeRig rig =
                    new BridgeRig(new JsonObject().put("maxTotalBytes", 4_194_304), call("silent"), call("echo"))) {
                rig.vertx.eventBus().consumer("echo", message -> message.reply(message.body()));
                rig.vertx.eventBus().consumer("silent", message -> {});
                BridgeClient healthy = rig.client();
                List<BridgeClient> hostile = new ArrayList<>();
                for (String value : List.of("{},", "[],", "0,", "{\"a\":[]},", "\"\",")) {
                    for (int values : List.of(60_000, FRAME_BYTES / value.length())) {
                        byte[] frame = wide(value, values);
                        for (int i = 0; i < SOCKETS; i++) {
                            BridgeClient client = rig.client();
                            hostile.add(client);
                            new Thread(() -> send(client, frame)).start();
                            JsonObject body = new JsonObject().put("n", i);
                            if (!body.equals(
                                    healthy.request("echo", "any", body).read().getValue("body"))) {
                                throw new AssertionError("noticed");
                            }
                        }
                        hostile.forEach(BridgeClient::close);
                        hostile.clear();
                    }
                }
                healthy.pings().close();
            }
        }

        /** Made once: the senders are in the same heap. */
        private static byte[] wide(String value, int values) {
            String many = value.repeat(values);
            return BridgeClient.frame(
                    "{\"type\":\"send\",\"address\":\"silent\",\"replyAddress\":\"r\",\"body\":{\"b\":["
                            + many.substring(0, many.length() - 1) + "]}}");
        }

        private static void send(BridgeClient client, byte[] frame) {
            try {
                client.raw(frame);
            } catch (UncheckedIOException closed) {
                // It has waited for its turn until its end.
            }
        }
    }
}
