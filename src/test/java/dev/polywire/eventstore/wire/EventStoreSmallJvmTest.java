package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hostile packages in 64 MB. */
class EventStoreSmallJvmTest {

    static final class Program {

        private static final int PAYLOAD_BYTES = 4 * 1024 * 1024;

        public static void main(String[] arguments) {
            for (int i = 0; i < 20; i++) {
                AbuseVectors.of("eventstore").all().forEach(each -> refuseOrRead(each.bytes()));
            }
            manyEmptyElements();
            manyUnknownFields();
            manyWhoAnnounceMuch();
        }

        private static void refuseOrRead(Buffer stream) {
            FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
            input.append(stream);
            try {
                for (Buffer frame = input.nextFrame(); frame != null; frame = input.nextFrame()) {
                    TcpPackage read = TcpPackage.read(frame, CredentialsLayout.PASSWORDS);
                    EventStoreMessage.read(read.command(), read.payload());
                }
            } catch (ProtocolException refused) {
                require(refused.kind() != ProtocolException.Kind.SILENCE);
            }
        }

        /** As objects, each of these payloads would be 300 MB and more. */
        private static void manyEmptyElements() {
            for (String element : List.of("1a00", "1a020a00", "1a0422022200")) {
                refuse(TcpCommand.WRITE_EVENTS, element);
                refuse(TcpCommand.READ_ALL_EVENTS_FORWARD_COMPLETED, element);
            }
            refuse(TcpCommand.PERSISTENT_SUBSCRIPTION_ACK_EVENTS, "120101");
        }

        /** One number each would be an entry of a map each; here they have the same one, and are too many. */
        private static void manyUnknownFields() {
            refuse(TcpCommand.READ_EVENT, "7801");
            refuse(TcpCommand.READ_EVENT, "7b7c");
        }

        private static void refuse(TcpCommand command, String element) {
            Buffer one = Vectors.bytes(element);
            Buffer payload = Buffer.buffer(PAYLOAD_BYTES);
            while (payload.length() < PAYLOAD_BYTES) {
                payload.appendBuffer(one);
            }
            try {
                EventStoreMessage.read(command, payload);
            } catch (ProtocolException refused) {
                require(refused.kind() == ProtocolException.Kind.DECODE);
                return;
            }
            throw new IllegalStateException(command + " of " + element + ": read (expected: refused)");
        }

        /** Five thousand connections, each with a package of 64 MiB of which little has come. */
        private static void manyWhoAnnounceMuch() {
            List<FrameAccumulator> all = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
                input.append(Vectors.bytes("0000000482"));
                require(input.nextFrame() == null);
                all.add(input);
            }
            System.out.println(all.size());
        }

        private static void require(boolean fact) {
            if (!fact) {
                throw new IllegalStateException("false");
            }
        }
    }

    @Test
    void hostilePeers() {
        SmallJvm.run(Program.class).requireClean();
    }
}
