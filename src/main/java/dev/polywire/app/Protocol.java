package dev.polywire.app;

import dev.polywire.amqp.service.AmqpOptions;
import dev.polywire.amqp.service.AmqpService;
import dev.polywire.amqp.service.AmqpVerticle;
import dev.polywire.bolt.service.BoltOptions;
import dev.polywire.bolt.service.BoltServerService;
import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.bolt.service.BoltService;
import dev.polywire.bolt.service.BoltVerticle;
import dev.polywire.bolt.service.ServingOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.service.EventStoreOptions;
import dev.polywire.eventstore.service.EventStoreService;
import dev.polywire.eventstore.service.EventStoreVerticle;
import dev.polywire.framed.service.FramedClientVerticle;
import dev.polywire.framed.service.FramedOptions;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.framed.service.FramedService;
import dev.polywire.mongodb.service.MongoOptions;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The connectors that a configuration can name, each with its verticle, its options and a request to try it with. */
enum Protocol {
    MONGODB(
            "mongodb",
            MongoService.class,
            MongoVerticle::new,
            fields -> {
                MongoOptions mongo = MongoOptions.fromJson(fields);
                // The heartbeat's, and those of the pool.
                return new Settings(
                        mongo.connector(),
                        mongo.endpoint(),
                        mongo.heartbeatMillis() == 0 ? 0 : 2,
                        List.of(mongo.pool().maxPoolSize(), mongo.pool().maxDedicatedConnections()),
                        mongo);
            },
            "command",
            new JsonObject()
                    .put("database", "test")
                    .put("name", "ping")
                    .put("arguments", new JsonObject().put("ping", 1))),
    AMQP(
            "amqp",
            AmqpService.class,
            AmqpVerticle::new,
            fields -> {
                AmqpOptions amqp = AmqpOptions.fromJson(fields);
                // One connection publishes, one consumes.
                return new Settings(amqp.connector(), amqp.session().hosts().get(0), 3, amqp);
            },
            "queueDeclare",
            new JsonObject().put("queue", "hello")),
    BOLT(
            "bolt",
            BoltService.class,
            BoltVerticle::new,
            fields -> {
                BoltOptions bolt = BoltOptions.fromJson(fields);
                return new Settings(
                        bolt.connector(), bolt.endpoint(), bolt.pool().maxConnections(), bolt);
            },
            "run",
            new JsonObject().put("query", "RETURN 1 AS num")),
    BOLT_SERVER(
            "bolt-server",
            BoltServerService.class,
            BoltServerVerticle::new,
            fields -> {
                ServingOptions serving = ServingOptions.fromJson(fields);
                return new Settings(
                        serving.connector(),
                        serving.endpoint(),
                        serving.bounds().maxConnections(),
                        serving);
            },
            "status",
            new JsonObject()),
    EVENTSTORE(
            "eventstore",
            EventStoreService.class,
            EventStoreVerticle::new,
            fields -> {
                EventStoreOptions eventStore = EventStoreOptions.fromJson(fields);
                return new Settings(eventStore.connector(), eventStore.endpoint(), 1, eventStore);
            },
            "append",
            new JsonObject()
                    .put("streamId", "ponies")
                    .put("expectedVersion", -2)
                    .put(
                            "events",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("eventType", "PonyJumped")
                                            .put("json", new JsonObject().put("Pony", "Derpy Hooves"))))),
    FRAMED_CLIENT(
            "framed-client",
            FramedService.class,
            spi -> new FramedClientVerticle(null, spi),
            fields -> framed(FramedOptions.client(fields)),
            "connections",
            new JsonObject()),
    FRAMED_SERVER(
            "framed-server",
            FramedService.class,
            spi -> new FramedServerVerticle(null, spi),
            fields -> framed(FramedOptions.server(fields)),
            "connections",
            new JsonObject());

    private final String type;
    private final Class<?> service;
    private final Function<Spi, Deployable> verticle;
    private final Function<Fields, Settings> options;
    private final String action;
    private final JsonObject example;

    Protocol(
            String type,
            Class<?> service,
            Function<Spi, Deployable> verticle,
            Function<Fields, Settings> options,
            String action,
            JsonObject example) {
        this.type = type;
        this.service = service;
        this.verticle = verticle;
        this.options = options;
        this.action = action;
        this.example = example;
    }

    /** Its name in a configuration. */
    String type() {
        return type;
    }

    /** What can be asked at its address. */
    Set<String> actions() {
        return Stream.of(service.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A new instance of its verticle. */
    Deployable verticle(Spi spi) {
        return verticle.apply(spi);
    }

    /** Reads a connector's options like its verticle, with the same complaints. */
    Settings check(Fields fields) {
        return options.apply(fields);
    }

    /** Whether it listens on a port, which only one connector can have at a time. */
    boolean listens() {
        return this == FRAMED_SERVER || this == BOLT_SERVER;
    }

    /** A server's connections belong to the instance that accepted them, and the bus may choose any instance. */
    int maxInstances() {
        return listens() ? 1 : 1_024;
    }

    /**
     * Requests to try it with, each an action and a body: the first that is permitted shows what the protocol does. A framed message that
     * is only sent would show nothing.
     */
    List<String> requests(Settings settings) {
        List<String> requests = new ArrayList<>();
        if (this == FRAMED_CLIENT
                && settings.options() instanceof FramedOptions framed
                && framed.limits().isCorrelated()) {
            requests.add(request("request", new JsonObject().put("message", framed.greeting())));
        }
        requests.add(request(action, example));
        requests.add(request("ping", new JsonObject()));
        requests.add(request("status", new JsonObject()));
        return requests;
    }

    private static String request(String action, JsonObject body) {
        return action + " '" + body.encode() + "'";
    }

    private static Settings framed(FramedOptions framed) {
        return new Settings(framed.connector(), framed.endpoint(), framed.maxConnections(), framed);
    }
}
