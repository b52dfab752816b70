package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits to be published, in a heap where nothing else is. */
@Timeout(180)
class AmqpAccountTest {

    @Test
    void theAccountOfWaitingPublishes() {
        SmallJvm.run(Waiting.class).requireClean();
    }

    @Test
    void nothingIsHeldForACallerWhoHasGivenUpWaitingForTheConfirm() {
        SmallJvm.run(Unconfirmed.class).requireClean();
    }

    /** Twice the heap. */
    static final class Unconfirmed {

        private Unconfirmed() {}

        public static void main(String[] arguments) {
            try (MemoryBroker broker = new MemoryBroker();
                    SessionFixture fixture = new SessionFixture()) {
                broker.withholdsConfirms = true;
                AmqpClient client = fixture.client(broker.endpoint());
                for (int i = 0; i < 128; i++) {
                    fixture.failure(
                            d -> client.publish(
                                    new AmqpPublish("", "nobody", false, new Content(Buffer.buffer(new byte[1 << 20]))),
                                    d),
                            50);
                }
            }
        }
    }

    static final class Waiting {

        private static final int COUNT = 200;
        private static final int BODY_BYTES = 32 * 1024;

        private Waiting() {}

        public static void main(String[] arguments) {
            try (MemoryBroker broker = new MemoryBroker();
                    SessionFixture fixture = new SessionFixture()) {
                AmqpClient client = fixture.client(broker.endpoint());
                fixture.<Void>ask(d -> client.publish(publish(), d));
                broker.block("alarm");
                fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
                MemoryBudget budget = MemoryBudget.of(fixture.loop.vertx());
                budget.limit(1L << 30);
                long usedBefore = used();
                long heldBefore = budget.heldBytes();
                for (int i = 0; i < COUNT; i++) {
                    fixture.<Void>begin(d -> client.publish(publish(), d), 60_000);
                }
                long held = budget.heldBytes() - heldBefore;
                long used = used() - usedBefore;
                System.out.println("account " + held + ", heap " + used);
                if (held < used / 5 * 4 || held > used / 5 * 6) {
                    throw new IllegalStateException("account " + held + ", heap " + used);
                }
            }
        }

        private static AmqpPublish publish() {
            return new AmqpPublish("", "q", false, new Content(Buffer.buffer(new byte[BODY_BYTES])));
        }

        private static long used() {
            System.gc();
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }
}
