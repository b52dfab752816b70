package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is made again, in which order, and what becomes of what is not. F17, and users.md 3.1, 3.2 and 3.5. */
class RecoveryPlanTest {

    private final Recovering recovering = new Recovering();

    @Test
    void nothing() {
        RecoveryPlan plan = recovering.run();
        assertTrue(plan.isDone());
        assertNull(plan.next(0));
        assertEquals(Long.MAX_VALUE, plan.retryAtMillis());
        assertThrows(IllegalStateException.class, () -> plan.succeeded(null));
    }

    @Test
    void everythingInItsOrder() {
        recovering.topology.channelOpened(1);
        recovering.topology.channelOpened(2);
        recovering.topology.channelOpened(3);
        recovering
                .bind("q", "e", "k")
                .queue("q", false, false)
                .exchange("e", false)
                .exchange("f", false)
                .done(1, new ExchangeMethod.Bind("f", "e", "k", false, Recovering.NONE))
                .done(2, new ConfirmMethod.Select(true))
                .done(3, new TxMethod.Select())
                .consume(1, "q", "first")
                .qos(1, 10)
                .consume(1, "q", "second")
                .consume(1, "q", "third")
                .qos(1, 20)
                .qos(3, 5);
        assertEquals("""
                0 open
                0 exchange e
                0 exchange f
                0 queue q
                0 bind e to exchange f
                0 bind e to q by k
                1 open
                1 consume q as first
                1 qos 10
                1 consume q as second
                1 consume q as third
                1 qos 20
                2 open
                2 confirm.select
                3 open
                3 tx.select
                3 qos 5
                """, recovering.steps());
        assertEquals("", Recovering.failures(recovering.run()));
        assertEquals(8, recovering.run().outcomes().size());
    }

    /** A queue that the server names has another name each time, in bindings, keys and consumers. */
    @Test
    void serverNamed() {
        recovering
                .exchange("e", false)
                .queue("", true, true)
                .bind("", "e", "k")
                .bind("", "e", "")
                .bind("gen-1", "e", "gen-1")
                .queue("", true, true)
                .consume(1, "gen-1", "c")
                .consume(1, "", "d");
        for (String names : new String[] {"gen-3 gen-4", "gen-5 gen-6"}) {
            String one = names.split(" ")[0];
            String two = names.split(" ")[1];
            assertEquals("""
                    0 open
                    0 exchange e
                    0 queue\s
                    0 queue\s
                    0 bind e to %1$s by k
                    0 bind e to %1$s by %1$s
                    1 open
                    1 consume %1$s as c
                    1 consume %2$s as d
                    """.formatted(one, two), recovering.steps());
        }
        assertEquals("gen-7", recovering.run().outcomes().get(1).newName());
    }

    /** F17, 3.5.4: one that fails is told of and dropped, the rest is there. */
    @Test
    void oneThatFails() {
        recovering
                .exchange("e", false)
                .queue("changed", false, false)
                .queue("fine", false, false)
                .bind("changed", "e", "k")
                .bind("fine", "e", "k")
                .consume(1, "fine", "c")
                .refuse("0 exchange e", 406)
                .refuse("0 queue changed", 406);
        RecoveryPlan plan = recovering.run();
        assertEquals("exchange e 406, queue changed 406", Recovering.failures(plan));
        assertEquals("""
                0 open
                0 exchange e -> 406
                0 open
                0 queue changed -> 406
                0 open
                0 queue fine
                0 bind e to changed by k
                0 bind e to fine by k
                1 open
                1 consume fine as c
                """, String.join("\n", recovering.steps) + "\n");
        assertEquals("""
                0 open
                0 queue fine
                0 bind e to changed by k
                0 bind e to fine by k
                1 open
                1 consume fine as c
                """, recovering.steps());
    }

    /** A channel goes with the consumer that fails, and comes again with the others. */
    @Test
    void aConsumerThatFails() {
        recovering
                .done(1, new ConfirmMethod.Select(false))
                .qos(1, 7)
                .consume(1, "a", "a")
                .consume(1, "gone", "b")
                .consume(1, "c", "c")
                .consume(2, "d", "d")
                .refuse("1 consume gone as b", 404);
        assertEquals("""
                1 open
                1 confirm.select
                1 qos 7
                1 consume a as a
                1 consume gone as b -> 404
                1 open
                1 confirm.select
                1 qos 7
                1 consume a as a
                1 consume c as c
                2 open
                2 consume d as d
                """, recovering.steps());
        assertFalse(recovering.steps().contains("gone"));
    }

    /** 3.5.3: the broker has not noticed yet that its old owner is gone; the rest does not wait. */
    @Test
    void aLockedQueueIsTriedAgain() {
        recovering
                .queue("mine", true, false)
                .queue("other", false, false)
                .bind("mine", "amq.topic", "k")
                .bind("other", "amq.topic", "k")
                .consume(1, "mine", "m")
                .consume(1, "other", "o")
                .qos(1, 3)
                .refuse("0 queue mine", 405, 405);
        assertEquals("""
                0 open
                0 queue mine -> 405
                0 open
                0 queue other
                0 bind amq.topic to other by k
                1 open
                1 consume other as o
                wait
                0 queue mine -> 405
                wait
                0 open
                0 queue mine
                0 bind amq.topic to mine by k
                1 consume mine as m
                1 qos 3
                """, recovering.steps());
    }

    @Test
    void notForEver() {
        recovering.queue("mine", true, false).consume(1, "mine", "m").refuse("0 queue mine", 405, 405, 405, 405);
        RecoveryPlan plan = recovering.run();
        assertEquals("queue mine 405", Recovering.failures(plan));
        assertEquals(2, recovering.steps.stream().filter("wait"::equals).count());
        assertEquals("1 consume mine as m", recovering.steps.get(recovering.steps.size() - 1));
        // 405 for a queue that is not exclusive is somebody else's.
        Recovering other = new Recovering().queue("theirs", false, false).refuse("0 queue theirs", 405);
        assertEquals("queue theirs 405", Recovering.failures(other.run()));
        assertFalse(other.steps.contains("wait"));
    }

    /** Without its queue nobody knows what it was bound to. */
    @Test
    void aServerNamedQueueThatFails() {
        recovering
                .queue("", true, false)
                .bind("", "amq.topic", "k")
                .consume(1, "", "c")
                .refuse("0 queue ", 403);
        RecoveryPlan plan = recovering.run();
        assertEquals("queue  403, bind amq.topic to gen-1 by k 403, consume gen-1 as c 403", Recovering.failures(plan));
        assertEquals("0 open, 0 queue  -> 403, 1 open", String.join(", ", recovering.steps));
        assertEquals("1 open\n", recovering.steps());
    }

    /** An exclusive consumer whose broker still feeds the old one, alone on its channel. */
    @Test
    void anExclusiveConsumer() {
        BasicMethod.Consume consume = new BasicMethod.Consume("q", "c", false, false, true, false, Recovering.NONE);
        recovering.done(1, consume).refuse("1 consume q as c", 403);
        assertEquals("1 open\n1 consume q as c -> 403\n1 open\nwait\n1 consume q as c\n", recovering.steps());
        recovering.consume(1, "p", "d").refuse("1 consume q as c", 403);
        assertEquals("consume q as c 403", Recovering.failures(recovering.run()));
    }

    /** A channel without its mode would lose messages in silence. */
    @Test
    void aModeThatFails() {
        recovering
                .done(1, new ConfirmMethod.Select(false))
                .consume(1, "q", "c")
                .consume(2, "q", "d")
                .refuse("1 confirm.select", 540);
        assertEquals("channel.open 540, consume q as c 540", Recovering.failures(recovering.run()));
        assertEquals("2 open\n2 consume q as d\n", recovering.steps());
    }

    @Test
    void aChannelThatIsRefused() {
        recovering
                .exchange("e", false)
                .consume(1, "q", "c")
                .refuse("0 open", 504)
                .refuse("1 open", 504);
        assertEquals("exchange e 504, channel.open 504, consume q as c 504", Recovering.failures(recovering.run()));
    }

    /** One step at a time, and an outcome for each. */
    @Test
    void stepByStep() {
        recovering.exchange("e", false);
        RecoveryPlan plan = recovering.topology.plan(RecoveryOptions.DEFAULT);
        assertNotNull(plan.next(0));
        assertNull(plan.next(0));
        assertFalse(plan.isDone());
        plan.succeeded(null);
        assertEquals(new RecoveryStep.Ask(0, recovering.topology.exchanges.get("e")), plan.next(0));
        plan.succeeded(new ExchangeMethod.DeclareOk());
        assertThrows(IllegalStateException.class, () -> plan.failed(CloseReason.ours(0, ""), 0));
    }
}
