package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.TxMethod;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that has no class {@code tx} and no consumers without acknowledgements: garagemq, and a stream of RabbitMQ. */
@Timeout(60)
class AmqpPoorBrokerTest {

    private static final String NO_PREFETCH =
            "PRECONDITION_FAILED - consumer prefetch count is not set for stream queue 'q' in vhost '/'";

    private final Scripted broker = new Scripted(AmqpPoorBrokerTest::asked);
    private final AmqpBus bus = new AmqpBus(broker);

    @BeforeEach
    void deploy() {
        bus.deploy();
    }

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private static boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        boolean noAck = asked.method() instanceof BasicMethod.Consume consume && consume.noAck();
        if (noAck) {
            client.send(asked.channel(), new ChannelMethod.Close(406, NO_PREFETCH, 60, 20));
        }
        return noAck || asked.method() instanceof TxMethod;
    }

    @Test
    void aPingIsARoundTripOnEachConnection() {
        JsonObject pinged = Outcome.value(bus.service.ping());
        assertEquals("Scripted", pinged.getString("product"));
        assertEquals(2, broker.asked(ChannelMethod.Open.class).size());
        assertEquals(2, broker.asked(ChannelMethod.Close.class).size());
        assertEquals(List.of(), broker.asked(TxMethod.Select.class));
    }

    @Test
    void theRefusalOfAStreamSaysWhatToChange() {
        ServiceException refused = failure(bus.service.consume("q", new JsonObject().put("noAck", true)));
        assertEquals("CONFLICT", name(refused));
        assertTrue(refused.getMessage().endsWith(" (a stream is consumed with noAck: false)"), refused::getMessage);
        Outcome.value(bus.service.consume("q", null));
    }
}
