package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.message;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a broker says when it ends a channel or a connection arrives, with the outcome of each message: F49. */
@Timeout(60)
class AmqpOutcomesTest {

    private static final int MAX_BYTES = 20;
    private static final String TOO_LARGE =
            "PRECONDITION_FAILED - message size 21 is larger than configured max size " + MAX_BYTES;

    private final Scripted broker = new Scripted(new Limiting());
    private final AmqpBus bus = new AmqpBus(broker);

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    /** As RabbitMQ with a {@code max_message_size} of its own; over a message of "poison" it ends the connection. */
    private static final class Limiting implements ScriptedBroker.Script {

        private final Set<Integer> closing = new HashSet<>();

        @Override
        public boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
            Content content = asked.content();
            if (asked.method() instanceof ChannelMethod.CloseOk) {
                closing.remove(asked.channel());
            } else if (closing.contains(asked.channel())) {
                return true;
            } else if (content != null && content.body().toString().equals("poison")) {
                client.closeConnection(ReplyCode.INTERNAL_ERROR, "INTERNAL_ERROR");
                return true;
            } else if (content != null && content.body().length() > MAX_BYTES) {
                closing.add(asked.channel());
                client.send(asked.channel(), new ChannelMethod.Close(406, TOO_LARGE, 60, 40));
                return true;
            }
            return false;
        }
    }

    @Test
    void oneOfSeveralIsTooLarge() {
        bus.deploy();
        JsonObject answer = Outcome.value(bus.service.publishAll(Stream.of("a", "b", "c".repeat(21), "d", "e")
                .map(text -> message("q", text))
                .toList()));
        assertEquals(4, answer.getInteger("confirmed"), answer.encode());
        JsonArray failures = answer.getJsonArray("failures");
        assertEquals(1, failures.size());
        JsonObject failure = failures.getJsonObject(0);
        assertEquals(2, failure.getInteger("message"));
        assertEquals("LIMIT_EXCEEDED", failure.getString("name"));
        assertFalse(failure.getBoolean("mayHaveExecuted"));
        assertEquals(TOO_LARGE, failure.getJsonObject("server").getString("replyText"));
    }

    /** Nobody is to blame for sure, and each hears why the connection has ended. */
    @Test
    void theWordsOfABrokerThatEndsTheConnection() {
        bus.deploy();
        ServiceException unknown = failure(bus.service.publish(message("q", "poison")));
        assertEquals("UNKNOWN_OUTCOME", name(unknown));
        assertEquals(541, unknown.getDebugInfo().getJsonObject("server").getInteger("replyCode"));
    }

    /** The broker's close comes behind the answer to the publish; whoever asks next hears of it. */
    @Test
    void aTransactionThatHasFailed() {
        bus.deploy();
        JsonObject handle = Outcome.value(bus.service.begin());
        String id = handle.getString("id");
        AmqpTransactionService room = AmqpTransactionService.proxy(bus.vertx, handle);
        Outcome.value(room.publish(id, message("q", "c".repeat(21))));
        ServiceException first = failure(room.commit(id));
        assertEquals("LIMIT_EXCEEDED", name(first));
        assertEquals(TOO_LARGE, first.getDebugInfo().getJsonObject("server").getString("replyText"));
        for (Future<?> next : List.of(room.rollback(id), room.publish(id, message("q", "d")), room.renew(id))) {
            ServiceException ended = failure(next);
            assertEquals("NOT_FOUND", name(ended));
            assertTrue(ended.getMessage().contains(TOO_LARGE), ended::getMessage);
            assertEquals(TOO_LARGE, ended.getDebugInfo().getJsonObject("server").getString("replyText"));
        }
        Outcome.value(room.close(id));
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(0, counters.getInteger("openTransactions"));
    }
}
