package dev.polywire.core.bus.watch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Books;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.NodeJvm;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three JVMs: this one calls, two serve; one of them is killed, or undeploys, while requests are on their way. */
class NodeWatchIT {

    /** No answer needs this long: an outcome that waits for it is the bus's own. */
    private static final long DEADLINE_MILLIS = 300_000;

    private final LoggedTraces log = new LoggedTraces();
    private final LoopbackCluster cluster = new LoopbackCluster(1);
    private final Vertx calling = cluster.node(0);
    private final NodeWatch watch = NodeWatch.install(calling, cluster.membership(0));
    private final ProbeService service = ProbeService.proxy(calling, ProbeVerticle.ADDRESS, DEADLINE_MILLIS);
    private final NodeJvm stays = NodeJvm.join(cluster);
    private final NodeJvm goes = NodeJvm.join(cluster);

    @AfterEach
    void close() {
        cluster.close();
        stays.close();
        goes.close();
        log.close();
    }

    /** F27. Half of the slow requests lie on either node; those of the survivor stay where they are. */
    @Test
    void aNodeIsKilledUnderLoad() {
        Books slow = hang(100);
        Books load = underLoad(goes::kill);
        await().until(() -> load.settled() == load.sent() && slow.settled() == 50);
        assertEquals("{NODE_LOST=50}", slow.toString());
        assertBalanced(load, "NODE_LOST");
        Books after = new Books();
        after.load(500, 16, service::status);
        await().until(() -> after.settled() == 500);
        assertEquals("{ok=500}", after.toString());
        await().until(() -> watch.size() == 50);
        assertEquals("{NODE_LOST=50}", slow.toString());
    }

    /** F26. What the leaver holds when its drain is over has an unknown outcome; what it lost never ran. */
    @Test
    void aConnectorIsUndeployedUnderLoad() {
        Books slow = hang(100);
        Books load = underLoad(goes::undeploy);
        await().until(() -> load.settled() == load.sent() && slow.settled() == 50);
        assertEquals("{UNKNOWN_OUTCOME=50}", slow.toString());
        assertBalanced(load, "SHUTTING_DOWN");
        await().until(() -> watch.size() == 50);
    }

    private Books hang(int count) {
        Outcome.value(watch.ready());
        Books slow = new Books();
        for (int i = 0; i < count; i++) {
            slow.note(service.hang(null));
        }
        await().until(() -> held() == count);
        return slow;
    }

    /** Slow requests that both nodes hold: each is asked in turn. */
    private int held() {
        return Outcome.value(service.status()).getInteger("inFlight")
                + Outcome.value(service.status()).getInteger("inFlight")
                - 2;
    }

    /** Sends requests until some time after the event. */
    private Books underLoad(Runnable event) {
        Books load = new Books();
        AtomicBoolean over = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            while (!over.get()) {
                load.load(100, 16, service::status);
            }
        });
        caller.start();
        await().until(() -> load.ok() > 500);
        event.run();
        int before = load.settled();
        await().until(() -> load.settled() > before + 2_000);
        over.set(true);
        Outcome.value(calling.executeBlocking(() -> {
            caller.join();
            return Future.succeededFuture();
        }));
        return load;
    }

    /** Sent = ok + failed + unknown, and no outcome is the bus's own timeout. */
    private static void assertBalanced(Books load, String lost) {
        assertEquals(load.sent(), load.settled());
        assertEquals(load.sent(), load.ok() + load.of(lost) + load.of("UNAVAILABLE"), load::toString);
        assertTrue(load.ok() > 2_000, load::toString);
    }
}
