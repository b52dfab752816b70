package dev.polywire.amqp.session;

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
        KilledBooks books = new KilledBooks(fixture, broker.endpoint(), broker.unique("killed"), false);
        books.run(() -> {
            broker.kill();
            broker.start();
        });
        books.close();
    }
}
