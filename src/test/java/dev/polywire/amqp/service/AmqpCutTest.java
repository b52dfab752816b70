package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.EveryCut;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.TrueOutcomes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A conversation with a broker that is cut behind every byte. */
class AmqpCutTest {

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Set<String> published = ConcurrentHashMap.newKeySet();
    private final TrueOutcomes outcomes = new TrueOutcomes();
    /** A message may be lost with its answer, and then comes again: there is nothing to compare. */
    private final TrueOutcomes gets = new TrueOutcomes();

    private final Scripted broker = new Scripted((client, asked) -> {
        if (asked.method() instanceof ContentMethod.Publish && asked.content() != null) {
            published.add(asked.content().body().toString());
        }
        return false;
    });

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        broker.close();
    }

    /** One of its two connections; what is published with {@code republish} is done, whatever happens to them. */
    @ParameterizedTest
    @CsvSource({"1, 17", "2, 18"})
    void everyCut(int connection, long seed) {
        EveryCut.of(broker.port(), connection, seed, this::converse);
        outcomes.verify(published);
    }

    private Future<?> converse(int port, int number) {
        JsonObject settings = new JsonObject().put("name", "a" + number).put("uri", "amqp://127.0.0.1:" + port);
        return vertx.deployVerticle(new AmqpVerticle(), new DeploymentOptions().setConfig(settings))
                .compose(id -> {
                    AmqpService amqp = AmqpService.proxy(vertx, "polywire.a" + number);
                    return Future.join(publish(amqp, "a" + number), publish(amqp, "b" + number))
                            .compose(both -> gets.write("", amqp.basicGet("q", null)))
                            .compose(got -> publish(amqp, "c" + number))
                            .eventually(() -> vertx.undeploy(id));
                });
    }

    private Future<Void> publish(AmqpService amqp, String text) {
        return outcomes.write(text, amqp.publish(AmqpBus.message("q", text)));
    }
}
