package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.bind;
import static dev.polywire.amqp.session.SessionFixture.direct;
import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.exclusive;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** 10,000 durable messages under confirms while the broker is killed five times, and the books of it (F01, F14, F17). */
final class KilledBooks {

    private static final int ROUNDS = 5;
    private static final int MESSAGES_A_ROUND = 2_000;
    private static final int CONFIRMED_BEFORE_KILL = 500;

    private final SessionFixture fixture;
    private final AmqpClient client;
    private final String name;
    private final Map<String, Throwable> failed = new ConcurrentHashMap<>();
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger outcomes = new AtomicInteger();

    /** @param name of what is declared: nobody else has it */
    KilledBooks(SessionFixture fixture, EndpointOptions endpoint, String name, boolean republish) {
        this.fixture = fixture;
        this.name = name;
        this.client = fixture.client(
                SessionFixture.options(endpoint, new PublishOptions(256, 20_000, 64 * 1024 * 1024, republish)));
    }

    /**
     * @param sync puts what is declared where a kill does not undo it
     * @param killAndStart returns when it is up again
     */
    KilledBooks run(Runnable sync, Runnable killAndStart) {
        fixture.send(client, direct(name));
        fixture.send(client, durable(name));
        fixture.send(client, bind(name, name, "work"));
        String live = ((QueueMethod.DeclareOk) fixture.send(client, exclusive(""))).queue();
        fixture.send(client, bind(live, name, "live"));
        Received work = new Received();
        Received events = new Received();
        AmqpConsumer worker = fixture.ask(d -> client.consume(subscription(name, "worker", 100), work, d));
        AmqpConsumer listening = fixture.ask(d -> client.consume(subscription(live, "live", 10), events, d));
        fixture.loop.run(() -> work.acknowledge(worker));
        fixture.loop.run(() -> events.acknowledge(listening));

        sync.run();
        Deadline deadline = fixture.deadline(300_000);
        for (int round = 0; round < ROUNDS; round++) {
            int before = confirmed.size();
            publish(round * MESSAGES_A_ROUND, deadline);
            fixture.await("confirms", () -> confirmed.size() >= before + CONFIRMED_BEFORE_KILL);
            killAndStart.run();
            fixture.awaitReady(client);
        }
        fixture.await("outcomes", () -> outcomes.get() == ROUNDS * MESSAGES_A_ROUND);
        fixture.await("messages that were confirmed", () -> work.ids.containsAll(confirmed));

        fixture.ask(d -> client.publish(persistent(name, "live", "after all"), d));
        fixture.await("the other queue", () -> events.ids.contains("after all"));
        assertNotEquals(live, listening.queue());
        return this;
    }

    /** Each is confirmed, or nobody knows; and each loss has its story. */
    void close() {
        assertEquals(ROUNDS * MESSAGES_A_ROUND, confirmed.size() + failed.size());
        Set<String> reasons = new TreeSet<>();
        failed.values().forEach(cause -> reasons.add(String.valueOf(SessionFixture.reason(cause))));
        assertTrue(
                reasons.isEmpty() || reasons.equals(Set.of(CallException.Reason.UNKNOWN_OUTCOME.toString())),
                reasons::toString);
        for (String each : new String[] {
            "RECOVERING",
            "exchange " + name,
            "queue " + name,
            "bind " + name + " by work",
            "consumer worker",
            "queue ",
            "bind " + name + " by live",
            "consumer live"
        }) {
            assertEquals(ROUNDS, fixture.story.count(each), each);
        }
        assertTrue(fixture.story.count("RECOVERING") >= ROUNDS);
        assertTrue(fixture.story.count("READY") >= ROUNDS + 1);
    }

    int unknown() {
        return failed.size();
    }

    private void publish(int first, Deadline deadline) {
        fixture.loop.run(() -> {
            List<AmqpPublish> all = new ArrayList<>();
            for (int i = first; i < first + MESSAGES_A_ROUND; i++) {
                all.add(persistent(name, "work", "m" + i));
            }
            List<Future<Void>> futures = client.publish(all, deadline);
            for (int i = 0; i < futures.size(); i++) {
                String id = "m" + (first + i);
                futures.get(i).onComplete(done -> {
                    if (done.succeeded()) {
                        confirmed.add(id);
                    } else {
                        failed.put(id, done.cause());
                    }
                    outcomes.incrementAndGet();
                });
            }
        });
    }
}
