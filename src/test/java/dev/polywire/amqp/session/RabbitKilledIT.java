package dev.polywire.amqp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.broker.RabbitBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The books of {@link KilledBooks} on a broker that is really killed. */
@ExtendWith(Brokers.class)
@Timeout(300)
class RabbitKilledIT {

    private final SessionFixture fixture = new SessionFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nothingConfirmedIsMissing(RabbitBroker broker) {
        run(broker, false).close();
    }

    /** F14: with the option nothing is unknown, since all is sent until it is confirmed. */
    @Test
    void republished(RabbitBroker broker) {
        KilledBooks books = run(broker, true);
        books.close();
        assertEquals(0, books.unknown());
    }

    private KilledBooks run(RabbitBroker broker, boolean republish) {
        KilledBooks books = new KilledBooks(fixture, broker.endpoint(), broker.unique("killed"), republish);
        return books.run(broker::sync, () -> {
            broker.kill();
            broker.start();
        });
    }
}
