package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.service.AmqpService;
import dev.polywire.amqp.service.AmqpVerticle;
import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.service.BoltVerticle;
import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.framed.service.FramedClientVerticle;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.framed.service.FramedService;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.service.MongoVerticle;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Calls that change something, in all wings, whose connections are cut again and again, twice as long as {@link Soak} says:
 * each call has one outcome, what is confirmed is there, and what had no effect is not. A round has new connectors and its
 * seed, which says behind how many bytes each connection is cut, and the deadlines.
 */
@ExtendWith(Brokers.class)
class CutSoakIT {

    private static final int LANES = 8;
    private static final int CALLS_OF_A_LANE = 50;
    /** That a connection passes on in one direction before it is cut. */
    private static final int MIN_BYTES = 1_000;

    /**
     * @param settings of a connector behind a port
     * @param call the action and the body of a call, by what the server then knows
     * @param executed what the server knows of a round
     */
    private record Wing(
            String name,
            int server,
            Supplier<VerticleBase> connector,
            Function<Integer, JsonObject> settings,
            BiFunction<String, String, Map.Entry<String, JsonObject>> call,
            Function<String, Set<String>> executed) {}

    private record Round(Wing wing, String name, CuttingRelay relay, TrueOutcomes outcomes, Future<?> over) {}

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Loop serving = new Loop();
    private final Set<String> executed = ConcurrentHashMap.newKeySet();
    private final ScriptedBolt bolt = new ScriptedBolt(serving).noting(executed);
    private final List<Wing> wings = new ArrayList<>();
    /** Done, not done, unknown, cuts, of each wing. */
    private final Map<String, List<Integer>> totals = new TreeMap<>();

    private Broker broker;
    private AmqpService direct;
    private long seed = 17;

    @BeforeEach
    void start(Broker broker) {
        this.broker = broker;
        deploy(new AmqpVerticle(), amqp(broker.port()).put("name", "direct"));
        direct = AmqpService.proxy(vertx, "polywire.direct");
        wings.add(new Wing("amqp", broker.port(), AmqpVerticle::new, this::amqp, this::publish, this::queued));
        wings.add(new Wing(
                "republishing",
                broker.port(),
                AmqpVerticle::new,
                port -> amqp(port).put("republish", true),
                this::publish,
                this::queued));
        wings.add(new Wing(
                "bolt",
                bolt.port,
                BoltVerticle::new,
                port -> new JsonObject().put("uri", "bolt://127.0.0.1:" + port).put("maxConnections", 4),
                (round, what) -> call("run", new JsonObject().put("query", what).put("options", retry(what))),
                round -> executed));
        wings.add(new Wing(
                "mongodb",
                mongo(),
                MongoVerticle::new,
                port -> new JsonObject().put("port", port),
                (round, what) -> call(
                        "command",
                        new JsonObject()
                                .put("database", "db")
                                .put("name", "insert")
                                .put("arguments", new JsonObject().put("insert", what))),
                round -> executed));
        wings.add(new Wing(
                "framed",
                framed(),
                FramedClientVerticle::new,
                port -> correlated(port),
                (round, what) -> call("request", new JsonObject().put("message", new JsonObject().put("text", what))),
                round -> executed));
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        serving.close();
    }

    @Test
    void everyOutcomeIsTrue() {
        Soak.again(2, this::round);
        System.out.println("done, not done, unknown, cuts: " + totals);
        totals.forEach((wing, counts) -> assertTrue(counts.get(0) > 0 && counts.get(3) > 0, wing + counts));
    }

    private void round() {
        seed++;
        executed.clear();
        bolt.asked.clear();
        bolt.peers.clear();
        List<Round> rounds = wings.stream().map(this::begin).toList();
        for (Round round : rounds) {
            String what = round.name + " of seed " + seed;
            Outcome.value(round.over.recover(cause -> Future.failedFuture(new AssertionError(what, cause))));
            round.relay.close();
            List<Integer> counts = new ArrayList<>(round.outcomes.counts());
            counts.add(round.relay.cuts());
            totals.merge(round.wing.name, counts, (a, b) -> {
                List<Integer> sums = new ArrayList<>();
                for (int i = 0; i < a.size(); i++) {
                    sums.add(a.get(i) + b.get(i));
                }
                return sums;
            });
            try {
                round.outcomes.verify(round.wing.executed.apply(round.name));
            } catch (AssertionError untrue) {
                throw new AssertionError(what, untrue);
            }
        }
    }

    private Round begin(Wing wing) {
        String name = wing.name + seed;
        if (wing.connector.get() instanceof AmqpVerticle) {
            Outcome.value(direct.queueDeclare(name, null));
        }
        long own = name.hashCode();
        CuttingRelay relay =
                new CuttingRelay(wing.server, number -> cut(number, new SplittableRandom(own * 1_000 + number)));
        TrueOutcomes outcomes = new TrueOutcomes();
        JsonObject config = wing.settings.apply(relay.port()).put("name", name);
        Future<?> over = vertx.deployVerticle(wing.connector.get(), new DeploymentOptions().setConfig(config))
                .compose(id -> {
                    List<Future<Void>> lanes = new ArrayList<>();
                    for (int i = 0; i < LANES; i++) {
                        lanes.add(lane(
                                wing,
                                name,
                                i * CALLS_OF_A_LANE,
                                CALLS_OF_A_LANE,
                                outcomes,
                                new SplittableRandom(own * 1_000 - i)));
                    }
                    return Future.all(lanes).eventually(() -> vertx.undeploy(id));
                });
        return new Round(wing, name, relay, outcomes, over);
    }

    /** One call behind the other. */
    private Future<Void> lane(
            Wing wing, String round, int number, int left, TrueOutcomes outcomes, SplittableRandom random) {
        if (left == 0) {
            return Future.succeededFuture();
        }
        String what = round + " call " + number;
        Map.Entry<String, JsonObject> call = wing.call.apply(round, what);
        DeliveryOptions options = new DeliveryOptions()
                .addHeader("action", call.getKey())
                .addHeader(RequestTable.TIMEOUT, Integer.toString(random.nextInt(200, 1_000)));
        return outcomes.any(what, vertx.eventBus().request("polywire." + round, call.getValue(), options))
                .compose(noted -> lane(wing, round, number + 1, left - 1, outcomes, random));
    }

    /** Behind the handshake, most of the time. */
    private static CuttingRelay.Cut cut(int connection, SplittableRandom random) {
        long behindBytes = random.nextInt(MIN_BYTES, MIN_BYTES * random.nextInt(2, 8));
        return new CuttingRelay.Cut(connection, random.nextBoolean(), behindBytes, random.nextBoolean());
    }

    private static Map.Entry<String, JsonObject> call(String action, JsonObject body) {
        return Map.entry(action, body);
    }

    private JsonObject amqp(int port) {
        return new JsonObject()
                .put("uri", "amqp://" + broker.host() + ":" + port)
                .put("virtualHost", broker.virtualHost())
                .put("user", broker.user())
                .put("password", broker.password());
    }

    private Map.Entry<String, JsonObject> publish(String queue, String what) {
        JsonObject message = new JsonObject().put("routingKey", queue).put("text", what);
        return call("publish", new JsonObject().put("message", message));
    }

    /** Takes all that is in a queue, and the queue. */
    private Set<String> queued(String queue) {
        Set<String> texts = ConcurrentHashMap.newKeySet();
        JsonObject noAck = new JsonObject().put("noAck", true);
        for (JsonObject got = get(queue, noAck); got != null; got = get(queue, noAck)) {
            texts.add(got.getString("text"));
        }
        Outcome.value(direct.queueDelete(queue, null));
        return texts;
    }

    private JsonObject get(String queue, JsonObject options) {
        return Outcome.value(direct.basicGet(queue, options)).getJsonObject("message");
    }

    private static JsonObject retry(String what) {
        return new JsonObject().put("retry", what.hashCode() % 2 == 0);
    }

    private int mongo() {
        ScriptedMongo server = new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), (peer, request) -> {
            if (BsonFields.firstName(request.command()).equals("insert")) {
                executed.add(BsonFields.text(request.command(), "insert"));
            }
            peer.reply(request, Documents.bson("{n: 1, ok: 1.0}"));
        });
        return Outcome.value(server.listen());
    }

    /** A server whose reader answers each request. */
    private int framed() {
        deploy(new FramedServerVerticle(), correlated(0));
        FramedService server = FramedService.proxy(vertx, "polywire.framed-server");
        JsonObject handle = Outcome.value(server.open());
        Outcome.on(
                vertx,
                () -> Future.succeededFuture(new StreamReader(vertx, handle).handler(item -> {
                    JsonObject message = (JsonObject) item;
                    if (message.containsKey("request")) {
                        executed.add(message.getString("text"));
                        server.send(message);
                    }
                })));
        String target = Outcome.value(server.status()).getString("target");
        return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    }

    private static JsonObject correlated(int port) {
        return new JsonObject().put("port", port).put("correlation", true).put("codec", "utf8");
    }

    private void deploy(VerticleBase verticle, JsonObject config) {
        Outcome.value(vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(config)));
    }
}
