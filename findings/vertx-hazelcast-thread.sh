#!/usr/bin/env bash
# vertx-hazelcast 5.1.5 (io.vertx:vertx-hazelcast): each clustered Vertx that had a consumer leaves a thread behind.
#
# Expected: when close() of the Vertx has succeeded, the threads of its cluster manager end, as Vert.x's own do.
# Seen: one thread named vertx-hazelcast-service-throttling-thread stays for each node whose bus had a consumer, for as long as the
#   JVM lives. It is a daemon, so a program that ends does not notice; a test suite that starts a hundred nodes has a hundred.
# The output on 2026-11-29, with OpenJDK 17:
#> nodes started and closed: 3
#> threads of Vert.x: 0
#> threads of Hazelcast: 0
#> threads of the cluster manager: 3, daemons
#
# Needs a JDK 17 and Maven 3.8.
set -euo pipefail

. "$(dirname "$0")/lib/vertx.sh"

cat >"$folder/Main.java" <<'JAVA'
import com.hazelcast.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.concurrent.TimeUnit;

public class Main {

    private static final int NODES = 3;

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < NODES; i++) {
            Vertx vertx = get(Vertx.builder()
                    .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
                    .withClusterManager(new HazelcastClusterManager(config("finding-" + i)))
                    .buildClustered());
            get(vertx.eventBus().consumer("address", message -> message.reply("answer")).completion());
            get(vertx.eventBus().request("address", "question"));
            get(vertx.close());
        }
        // What ends a moment later has ended.
        Thread.sleep(5_000);
        List<Thread> managers = named("vertx-hazelcast");
        System.out.println("nodes started and closed: " + NODES);
        System.out.println("threads of Vert.x: " + named("vert.x").size());
        System.out.println("threads of Hazelcast: " + named("hz.").size());
        System.out.println("threads of the cluster manager: " + managers.size()
                + (managers.stream().allMatch(Thread::isDaemon) ? ", daemons" : ""));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static List<Thread> named(String beginning) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(beginning))
                .toList();
    }

    private static Config config(String name) {
        Config config = new Config().setClusterName(name)
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        return config;
    }
}
JAVA

run_with io.vertx:vertx-hazelcast:5.1.5
