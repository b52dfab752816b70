package dev.polywire.framed.service;

import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;

/** Framed connectors on a bus of their own. */
final class FramedBus implements AutoCloseable {

    static final String SERVER = "polywire.framed-server";
    static final String CLIENT = "polywire.framed";

    final Vertx vertx = Vertx.vertx();

    /** Deploys a server. @return its port */
    int server(JsonObject config) {
        deploy(new FramedServerVerticle(), new JsonObject().put("port", 0).mergeIn(config));
        return port(FramedService.proxy(vertx, "polywire." + config.getString("name", "framed-server")));
    }

    /** A server with {@code codec}. @return its port */
    int server(String codec) {
        return server(new JsonObject().put("codec", codec));
    }

    String client(int port, JsonObject config) {
        return deploy(
                new FramedClientVerticle(), new JsonObject().put("port", port).mergeIn(config));
    }

    String client(int port, String codec) {
        return client(port, new JsonObject().put("codec", codec));
    }

    String deploy(io.vertx.core.Deployable verticle, JsonObject config) {
        return Outcome.value(deploying(verticle, config));
    }

    Future<String> deploying(io.vertx.core.Deployable verticle, JsonObject config) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(config));
    }

    FramedService server() {
        return FramedService.proxy(vertx, SERVER);
    }

    FramedService client() {
        return FramedService.proxy(vertx, CLIENT);
    }

    Items items(FramedService service) {
        return new Items(vertx, Outcome.value(service.open()));
    }

    /** The port that a server listens on. */
    static int port(FramedService server) {
        String target = Outcome.value(server.status()).getString("target");
        return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    }

    long counter(FramedService service, String name) {
        return Outcome.value(service.status()).getJsonObject("counters").getLong(name);
    }

    /** The name of the failure that {@code future} ends with, and its message. */
    static String failure(Future<?> future) {
        Throwable cause = Outcome.failure(future);
        return cause instanceof ServiceException typed
                ? typed.getDebugInfo().getString("name") + " " + typed.getMessage()
                : cause.toString();
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
    }
}
