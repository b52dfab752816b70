package dev.polywire.bolt.service;

import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.Drivers;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;

/** A Bolt server on a bus, plain consumers that answer it, and the official driver in front. */
final class ServingBus implements AutoCloseable {

    static final String HANDLER = "graph";

    final Vertx vertx = Polywire.install(Vertx.vertx());
    final BoltServerService service = BoltServerService.proxy(vertx, "polywire.bolt-server");
    /** What was asked at the handler's address: {@code {action, body}}. */
    final BlockingQueue<JsonObject> asked = new LinkedBlockingQueue<>();

    String deployment = "";

    ServingBus deploy(JsonObject settings) {
        JsonObject config =
                new JsonObject().put("port", 0).put("handler", HANDLER).mergeIn(settings);
        deployment = Outcome.value(
                vertx.deployVerticle(new BoltServerVerticle(), new DeploymentOptions().setConfig(config)));
        return this;
    }

    /** Answers at an address: with what the future has, or with its failure. */
    ServingBus answer(String address, BiFunction<String, JsonObject, Future<?>> answers) {
        Outcome.value(vertx.eventBus()
                .<JsonObject>consumer(address, message -> {
                    String action = message.headers().get("action");
                    asked.add(new JsonObject().put("action", action).put("body", message.body()));
                    answers.apply(action, message.body())
                            .onComplete((answer, failure) -> message.reply(failure == null ? answer : failure));
                })
                .completion());
        return this;
    }

    int port() {
        String target = Outcome.value(service.status()).getString("target");
        return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    }

    Driver driver() {
        return driver(AuthTokens.none());
    }

    Driver driver(AuthToken token) {
        return driver(
                token,
                Config.builder()
                        .withMaxTransactionRetryTime(0, java.util.concurrent.TimeUnit.SECONDS)
                        .build());
    }

    Driver driver(AuthToken token, Config config) {
        return Drivers.closingAlone(GraphDatabase.driver("bolt://127.0.0.1:" + port(), token, config));
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
    }
}
