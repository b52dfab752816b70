package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.HeldHeap;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What publishes without an outcome take, in a heap where nothing else is. */
@Timeout(180)
class AmqpAccountTest {

    @Test
    void theAccountOfPublishes() {
        SmallJvm.run(Publishes.class).requireClean();
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

    static final class Publishes {

        private static final int COUNT = 4;
        private static final int BODY_BYTES = 32 * 1024;

        private Publishes() {}

        public static void main(String[] arguments) {
            for (boolean republish : new boolean[] {false, true}) {
                check(new PublishOptions(1_024, 10_000, 1L << 30, republish));
            }
        }

        private static void check(PublishOptions options) {
            try (MemoryBroker broker = new MemoryBroker();
                    SessionFixture fixture = new SessionFixture()) {
                AmqpClient client = fixture.client(SessionFixture.options(broker.endpoint(), options));
                fixture.<Void>ask(d -> client.publish(publish(), d));
                MemoryBudget.of(fixture.loop.vertx()).limit(1L << 30);
                broker.withholdsConfirms = true;
                HeldHeap.require("unconfirmed", () -> begun(fixture, client, broker, COUNT), Long::longValue);
                broker.block("alarm");
                fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
                HeldHeap.require("waiting", () -> begun(fixture, client, broker, 0), Long::longValue);
            }
        }

        /** Publishes which are kept. @param sent how many of them the broker gets. @return their account */
        private static Long begun(SessionFixture fixture, AmqpClient client, MemoryBroker broker, int sent) {
            MemoryBudget budget = MemoryBudget.of(fixture.loop.vertx());
            long before = budget.heldBytes();
            long all = broker.askedFor("basic.publish") + sent;
            for (int i = 0; i < COUNT; i++) {
                fixture.<Void>begin(d -> client.publish(publish(), d), 60_000);
            }
            fixture.await("sent", () -> broker.askedFor("basic.publish") == all);
            return fixture.loop.call(budget::heldBytes) - before;
        }

        private static AmqpPublish publish() {
            return new AmqpPublish("", "nobody", false, new Content(Buffer.buffer(new byte[BODY_BYTES])));
        }
    }
}
