package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
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
            clients();
        }

        /** What a client's machine takes from a server: nothing is kept of what is refused, and what is passed over leaves nothing. */
        private static void clients() {
            for (int i = 0; i < 20; i++) {
                AbuseVectors.of("eventstore").all().forEach(each -> hear(client(), each.bytes()));
            }
            for (int i = 0; i < 2_000; i++) {
                EventStoreMachine tooLong = client();
                tooLong.receive(Vectors.bytes("00000008b1000102030405060708090a0b0c0d0e0f10"), 0);
                require(tooLong.nextEvent() instanceof EventStoreEvent.Unreadable);
                tooLong.receive(Buffer.buffer(new byte[64 * 1024]), 0);
                require(!hear(tooLong, Buffer.buffer()) && tooLong.heldBytes() < 1024 * 1024);
            }
            EventStoreMachine client = client();
            Buffer strays = Buffer.buffer();
            for (int i = 0; i < 1_000; i++) {
                strays.appendBuffer(AbuseVectors.of("eventstore").get("E08").bytes());
                strays.appendBuffer(AbuseVectors.of("eventstore").get("E00").bytes());
            }
            for (int i = 0; i < 200; i++) {
                require(hear(client, strays.copy()));
            }
        }

        private static EventStoreMachine client() {
            return new EventStoreMachine(
                    EventStoreMachine.Role.CLIENT,
                    CredentialsLayout.PASSWORDS,
                    HeartbeatTimes.CLIENT,
                    () -> EventStoreMachine.NO_CONVERSATION,
                    FrameTap.NONE);
        }

        /** @return whether it goes on */
        private static boolean hear(EventStoreMachine machine, Buffer stream) {
            machine.receive(stream, 0);
            try {
                while (machine.nextEvent() != null) {}
            } catch (ProtocolException refused) {
                return false;
            }
            while (machine.takeOutput() != null) {}
            return true;
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
