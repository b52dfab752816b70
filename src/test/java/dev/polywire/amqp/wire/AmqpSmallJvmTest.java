package dev.polywire.amqp.wire;

import dev.polywire.amqp.wire.HostileAmqp.When;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hostile sizes in 64 MB. */
class AmqpSmallJvmTest {

    static final class Program {

        public static void main(String[] arguments) {
            HostileAmqp.rows().forEach(row -> {
                for (int i = 0; i < 20; i++) {
                    require(row, List.of(row.bytes()));
                    require(row, Cuts.at(row.bytes(), 1 + i % (row.bytes().length() - 1)));
                }
            });
            deep();
            manyWhoAnnounceMuch();
            manyEmptyFrames();
        }

        private static void require(HostileAmqp.Row row, List<Buffer> pieces) {
            String outcome = AmqpHostileTest.client(row.when(), pieces);
            if (!row.outcome().equals(outcome)) {
                throw new IllegalStateException(row.id() + ": " + outcome + " (expected: " + row.outcome() + ")");
            }
        }

        /** One level more than there may be. */
        private static void deep() {
            for (String type : List.of("F", "A")) {
                Buffer nested = HostileAmqp.nested(FieldReader.MAX_DEPTH + 1, type);
                HostileAmqp.Row row = new HostileAmqp.Row(type, When.GREETED, nested, "502");
                require(row, List.of(row.bytes()));
            }
        }

        /** Five thousand connections, each with a frame of 128 KiB or a message of 100,000 bytes of which little has come. */
        private static void manyWhoAnnounceMuch() {
            List<AmqpClientMachine> all = new ArrayList<>();
            Buffer frame = Vectors.bytes("0100000001fff8000a");
            Buffer message = Encoded.frame(1, new ContentMethod.Deliver("ct", 1, false, "", "rk"))
                    .appendBuffer(HostileAmqp.header(100_000))
                    .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("x")));
            for (int i = 0; i < 5_000; i++) {
                AmqpClientMachine client = AmqpHostileTest.in(i % 2 == 0 ? When.GREETED : When.CONSUMING);
                client.receive(i % 2 == 0 ? frame : message, 0);
                client.nextEvent();
                all.add(client);
            }
            System.out.println(all.size());
        }

        /** What adds nothing is not kept. */
        private static void manyEmptyFrames() {
            AmqpClientMachine client = AmqpHostileTest.in(When.CONSUMING);
            Buffer beats = Buffer.buffer();
            for (int i = 0; i < 1_000; i++) {
                beats.appendBuffer(Vectors.bytes("08000000000000ce"));
            }
            for (int i = 0; i < 5_000; i++) {
                client.receive(beats, i);
                client.nextEvent();
            }
        }
    }

    @Test
    void hostileBrokers() {
        SmallJvm.run(Program.class).requireClean();
    }
}
