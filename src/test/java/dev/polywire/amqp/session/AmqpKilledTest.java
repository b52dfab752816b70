package dev.polywire.amqp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The books of {@link KilledBooks} on a broker in memory. */
@Timeout(120)
class AmqpKilledTest {

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    @Test
    void nothingConfirmedIsMissing() {
        run(false).close();
    }

    /** F14: with the option nothing is unknown, since all is sent until it is confirmed. */
    @Test
    void republished() {
        KilledBooks books = run(true);
        books.close();
        assertEquals(0, books.unknown());
    }

    private KilledBooks run(boolean republish) {
        KilledBooks books = new KilledBooks(fixture, broker.endpoint(), "killed", republish);
        return books.run(() -> {}, () -> {
            broker.kill();
            assertTrue(broker.has("killed"));
            broker.start();
        });
    }
}
