package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.AbuseVectors.AbuseVector;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every vector whole and cut at every position, against a bridge with 64 MB of heap and a healthy client beside it. */
class BridgeSmallJvmTest {

    @Test
    void survivesEveryVectorWholeAndCut() {
        SmallJvm.run(Hostile.class).requireClean();
    }

    /** What runs in the small JVM. */
    static final class Hostile {

        private Hostile() {}

        public static void main(String[] arguments) {
            try (BridgeRig rig = new BridgeRig(new JsonObject().put("listen", new JsonArray().add("a")), call("a"))) {
                rig.vertx
                        .eventBus()
                        .consumer(
                                "a", message -> message.reply(message.headers().get("timeout")));
                BridgeClient healthy = rig.client().pings();
                for (AbuseVector vector : AbuseVectors.of("tcp-bridge").all()) {
                    Buffer bytes = vector.bytes();
                    play(rig, vector.id(), List.of(bytes));
                    Cuts.positions(bytes.length()).forEach(cut -> play(rig, vector.id(), Cuts.at(bytes, cut)));
                    healthy.pings();
                }
                healthy.close();
            }
        }

        private static void play(BridgeRig rig, String id, List<Buffer> pieces) {
            try (BridgeClient hostile = rig.client()) {
                pieces.forEach(piece -> hostile.raw(piece.getBytes()));
                for (String answer : BridgeAbuseTest.ANSWERS.get(id)) {
                    String said = BridgeAbuseTest.said(hostile.read());
                    if (!answer.equals(said)) {
                        throw new AssertionError(id + " in " + pieces.size() + " pieces: " + said);
                    }
                }
            }
        }
    }
}
