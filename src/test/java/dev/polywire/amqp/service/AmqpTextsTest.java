package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.Utf8;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text that has no UTF-8 does not become another text at the broker, wherever it stands in a request. */
class AmqpTextsTest {

    private final Scripted broker = new Scripted();
    private final AmqpBus bus = new AmqpBus(broker).deploy();

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    /** Where an H stands. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish         | {'message':{'text':'H'}}",
                "publish         | {'message':{'routingKey':'H'}}",
                "publish         | {'message':{'exchange':'H'}}",
                "publish         | {'message':{'properties':{'correlationId':'H'}}}",
                "publish         | {'message':{'properties':{'headers':{'a':'H'}}}}",
                "publish         | {'message':{'properties':{'headers':{'H':'a'}}}}",
                "publishAll      | {'messages':[{'text':'a'},{'text':'H'}]}",
                "basicPublish    | {'message':{'routingKey':'H'}}",
                "request         | {'message':{'text':'H'}}",
                "exchangeDeclare | {'exchange':'H','type':'direct'}",
                "exchangeDeclare | {'exchange':'e','type':'H'}",
                "exchangeDelete  | {'exchange':'H'}",
                "exchangeBind    | {'destination':'H','source':'s','routingKey':'k'}",
                "exchangeBind    | {'destination':'d','source':'H','routingKey':'k'}",
                "exchangeUnbind  | {'destination':'d','source':'s','routingKey':'H'}",
                "queueDeclare    | {'queue':'H'}",
                "queueDeclare    | {'queue':'q','options':{'arguments':{'x-a':'H'}}}",
                "queueBind       | {'queue':'H','exchange':'e','routingKey':'k'}",
                "queueBind       | {'queue':'q','exchange':'H','routingKey':'k'}",
                "queueBind       | {'queue':'q','exchange':'e','routingKey':'H'}",
                "queueUnbind     | {'queue':'q','exchange':'e','routingKey':'H'}",
                "queuePurge      | {'queue':'H'}",
                "queueDelete     | {'queue':'H'}",
                "basicGet        | {'queue':'H'}",
                "consume         | {'queue':'H'}",
                "consume         | {'queue':'q','options':{'consumerTag':'H'}}",
                "bind            | {'queue':'H','address':'a'}",
                "bind            | {'queue':'q','address':'a','options':{'arguments':{'x-a':['H']}}}",
            })
    void isRefused(String action, String body) {
        JsonObject json = new JsonObject(body.replace('\'', '"').replace("H", "\\ud800"));
        refused(bus.vertx.eventBus().request(AmqpBus.ADDRESS, json, new DeliveryOptions().addHeader("action", action)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish      | routingKey | H",
                "basicPublish | exchange   | H",
                "request      | properties | {\"headers\":{\"a\":\"H\"}}",
            })
    void alsoAtTheRawDoor(String action, String header, String value) {
        DeliveryOptions headers =
                new DeliveryOptions().addHeader("action", action).addHeader(header, value.replace('H', '\ud800'));
        refused(bus.vertx.eventBus().request(AmqpBus.ADDRESS + ".raw", Buffer.buffer("x"), headers));
    }

    @Test
    void inATransactionToo() {
        JsonObject transaction = Outcome.value(bus.service.begin());
        refused(bus.at(
                transaction, "publish", new JsonObject().put("message", new JsonObject().put("text", "\ud800"))));
        Outcome.value(bus.at(transaction, "rollback", new JsonObject()));
    }

    /** All that the broker was asked, but for what opens connections, channels and transactions. */
    private List<String> heard() {
        return broker.asked.stream()
                .map(each -> each.method().name())
                .filter(name -> !name.matches("(connection|channel|confirm|tx)\\..*"))
                .toList();
    }

    private void refused(Future<?> asked) {
        ServiceException bad = failure(asked);
        assertEquals(4400, bad.failureCode(), bad::getMessage);
        assertTrue(bad.getMessage().endsWith(Utf8.NOT_UNICODE), bad::getMessage);
        Outcome.value(bus.service.publish(AmqpBus.message("q", "what? 😀")));
        assertEquals(List.of("basic.publish"), heard());
    }
}
