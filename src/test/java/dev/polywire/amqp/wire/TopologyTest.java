package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What a topology keeps, seen by what a plan asks for. */
class TopologyTest {

    private final Recovering recovering = new Recovering();

    private void remains(String steps) {
        assertEquals(steps, recovering.steps().replace("\n", ", ").replaceAll(", $", ""));
    }

    @Test
    void notOurs() {
        recovering
                .exchange("amq.topic", false)
                .exchange("", false)
                .done(1, new ExchangeMethod.Declare("e", "direct", true, true, false, false, false, Recovering.NONE))
                .done(1, new QueueMethod.Declare("q", true, true, false, false, false, Recovering.NONE))
                .done(1, new QueueMethod.Declare("", false, true, false, false, true, Recovering.NONE))
                .done(1, new QueueMethod.Purge("q", false))
                .done(1, new BasicMethod.Get("q", true));
        recovering.topology.channelClosed(1);
        remains("");
    }

    /** What somebody sees of it, and what a queue needs that somebody deleted. */
    @Test
    void entities() {
        recovering
                .exchange("e", false)
                .queue("q", false, false)
                .queue("", true, true)
                .bind("q", "e", "k")
                .bind("gen-1", "e", "k");
        assertEquals(5, recovering.topology.entities().size());
        assertEquals(2, recovering.topology.entities("q").size());
        assertEquals(0, recovering.topology.entities("gen-1").size());
        assertEquals(0, recovering.topology.entities("unknown").size());
    }

    @Test
    void whatGoesWithTheBroker() {
        assertEquals(
                false,
                recovering
                        .exchange("e", false)
                        .queue("q", false, false)
                        .topology
                        .hasTransient());
        assertEquals(true, recovering.exchange("f", true).topology.hasTransient());
        assertEquals(true, new Recovering().queue("x", true, false).topology.hasTransient());
    }

    @Test
    void channelsAndConsumers() {
        Topology topology = recovering.consume(1, "q", "c").topology;
        assertEquals(true, topology.hasChannel(1) && topology.hasConsumer(1));
        topology.consumerCancelled(1, "c");
        assertEquals(true, topology.hasChannel(1) && !topology.hasConsumer(1));
        topology.channelClosed(1);
        assertEquals(false, topology.hasChannel(1) || topology.hasConsumer(1));
    }

    /** A passive declaration names the last queue all the same. */
    @Test
    void theLastQueue() {
        recovering
                .done(1, new QueueMethod.Declare("q", true, true, false, false, false, Recovering.NONE))
                .consume(1, "", "c");
        remains("1 open, 1 consume q as c");
    }

    @Test
    void withoutAnswer() {
        recovering
                .done(1, new QueueMethod.Declare("q", false, true, false, false, true, Recovering.NONE))
                .done(1, new BasicMethod.Consume("q", "c", false, false, false, true, Recovering.NONE));
        remains("0 open, 0 queue q, 1 open, 1 consume q as c");
        QueueMethod.Declare asked = recovering.topology.queues.get("q").declare();
        assertEquals(false, asked.noWait());
    }

    @Test
    void tagsOfTheServer() {
        recovering.consume(1, "q", "");
        remains("1 open, 1 consume q as ctag");
    }

    @Test
    void twiceIsOnce() {
        recovering
                .exchange("e", false)
                .exchange("e", false)
                .queue("q", false, false)
                .queue("q", false, false)
                .bind("q", "e", "k")
                .bind("q", "e", "k");
        recovering.topology.channelClosed(1);
        remains("0 open, 0 exchange e, 0 queue q, 0 bind e to q by k");
    }

    @Test
    void deletedWithWhatHungOnIt() {
        recovering
                .exchange("e", false)
                .exchange("f", false)
                .queue("q", false, false)
                .queue("r", false, false)
                .bind("q", "e", "k")
                .bind("r", "e", "k")
                .bind("r", "f", "k")
                .done(1, new ExchangeMethod.Bind("f", "e", "k", false, Recovering.NONE))
                .consume(1, "q", "c")
                .consume(1, "r", "d")
                .done(1, new QueueMethod.Delete("q", false, false, false));
        remains("0 open, 0 exchange e, 0 exchange f, 0 queue r, 0 bind e to exchange f, 0 bind e to r by k, "
                + "0 bind f to r by k, 1 open, 1 consume r as d");
        recovering.done(1, new ExchangeMethod.Delete("e", false, false));
        remains("0 open, 0 exchange f, 0 queue r, 0 bind f to r by k, 1 open, 1 consume r as d");
    }

    @Test
    void unbound() {
        recovering
                .queue("q", false, false)
                .bind("q", "amq.topic", "k")
                .bind("q", "amq.topic", "l")
                .unbind("q", "amq.topic", "k")
                .done(1, new ExchangeMethod.Bind("f", "e", "k", false, Recovering.NONE))
                .done(1, new ExchangeMethod.Unbind("f", "e", "k", false, Recovering.NONE));
        remains("0 open, 0 queue q, 0 bind amq.topic to q by l, 1 open");
    }

    /** 3.5.2: with the last consumer goes an auto-delete queue, with the last binding an auto-delete exchange. */
    @Test
    void autoDelete() {
        recovering
                .exchange("e", true)
                .exchange("f", true)
                .done(1, new ExchangeMethod.Bind("e", "f", "k", false, Recovering.NONE))
                .queue("q", false, true)
                .bind("q", "e", "k")
                .consume(1, "q", "c")
                .consume(2, "q", "d")
                .done(1, new BasicMethod.Cancel("c", false));
        remains("0 open, 0 exchange e, 0 exchange f, 0 queue q, 0 bind f to exchange e, 0 bind e to q by k, 1 open, "
                + "2 open, 2 consume q as d");
        recovering.topology.channelClosed(2);
        remains("1 open");
    }

    /** One that nobody ever bound or consumed is still there. */
    @Test
    void autoDeleteUnused() {
        recovering.exchange("e", true).queue("q", false, true);
        remains("0 open, 0 exchange e, 0 queue q, 1 open");
    }

    @Test
    void cancelledByTheServer() {
        recovering.queue("q", false, false).consume(1, "q", "c");
        recovering.topology.consumerCancelled(1, "c");
        recovering.topology.consumerCancelled(9, "c");
        remains("0 open, 0 queue q, 1 open");
    }

    @Test
    void aClosedChannel() {
        recovering.queue("q", false, false).consume(1, "q", "c").qos(2, 5);
        recovering.topology.channelClosed(1);
        recovering.topology.channelClosed(1);
        remains("0 open, 0 queue q, 2 open, 2 qos 5");
    }
}
