package dev.polywire.core.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.net.Spi;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each instance of a deployment has a number of its own, and by it a part of what the connector has. */
class DeployedInstanceTest {

    private final Vertx vertx = Vertx.vertx();
    private final Collection<DeployedInstance> started = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private final class Numbered extends ConnectorVerticle<ConnectorOptions> {

        Numbered() {
            super("probe", json -> ConnectorOptions.fromJson(json, "probe"), Spi.NONE);
        }

        @Override
        protected Future<Void> start(ConnectorOptions options) {
            started.add(instance());
            return options.failFast() ? Future.failedFuture("refused") : Future.succeededFuture();
        }
    }

    private Future<String> deploy(int instances, ThreadingModel threads, boolean fails) {
        DeploymentOptions options = new DeploymentOptions()
                .setInstances(instances)
                .setThreadingModel(threads)
                .setConfig(new JsonObject().put("failFast", fails).put("drainMillis", 0));
        return vertx.deployVerticle(() -> new Numbered(), options);
    }

    private void assertNumbered(int... counts) {
        List<String> expected = IntStream.of(counts)
                .boxed()
                .flatMap(count -> IntStream.range(0, count).mapToObj(number -> number + "/" + count))
                .sorted()
                .toList();
        assertEquals(
                expected,
                started.stream()
                        .map(each -> each.number() + "/" + each.count())
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"1, EVENT_LOOP", "2, EVENT_LOOP", "7, EVENT_LOOP", "20, WORKER"})
    void eachHasANumber(int instances, ThreadingModel threads) {
        Outcome.value(deploy(instances, threads, false));
        assertNumbered(instances);
    }

    /** Deployments count for themselves, those that fail too, and leave nothing. */
    @Test
    void eachDeploymentCountsForItself() {
        Outcome.failure(deploy(3, ThreadingModel.EVENT_LOOP, true));
        Future<String> two = deploy(2, ThreadingModel.EVENT_LOOP, false);
        Future<String> four = deploy(4, ThreadingModel.EVENT_LOOP, false);
        Outcome.value(vertx.undeploy(Outcome.value(two)));
        Outcome.value(four);
        Outcome.value(deploy(2, ThreadingModel.EVENT_LOOP, false));
        assertNumbered(3, 2, 4, 2);
        assertEquals(
                0, vertx.sharedData().getLocalMap("polywire.deployed-instances").size());
    }

    @ParameterizedTest
    @CsvSource({
        "16, 1, 1, '16'",
        "16, 4, 1, '4 4 4 4'",
        "16, 3, 1, '6 5 5'",
        "5, 4, 0, '2 1 1 1'",
        "2, 4, 1, '1 1 1 1'",
        "2, 4, 0, '1 1 0 0'",
        "0, 3, 0, '0 0 0'"
    })
    void shares(int whole, int instances, int least, String parts) {
        assertEquals(
                parts,
                IntStream.range(0, instances)
                        .mapToObj(number -> "" + new DeployedInstance(number, instances).share(whole, least))
                        .collect(Collectors.joining(" ")));
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "1, 1", "0, 0"})
    void isOneOfThem(int number, int count) {
        assertThrows(IllegalArgumentException.class, () -> new DeployedInstance(number, count));
    }
}
