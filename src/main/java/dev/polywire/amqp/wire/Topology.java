package dev.polywire.amqp.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one connection declared and the next must declare again: exchanges, queues, bindings, and for each channel its mode,
 * qos and consumers. {@link #done} records each successful request; a {@link RecoveryPlan} repeats them.
 *
 * <p>It leaves out what the broker always has ({@code amq.*}), what was only checked ({@code passive}), and what is
 * deleted: an auto-delete exchange or queue goes with our last binding or consumer.
 */
public final class Topology {

    /** A queue; {@code declare} has the requested name, which is empty when the server generates it. */
    record Queue(String name, QueueMethod.Declare declare) {

        boolean isServerNamed() {
            return declare.queue().isEmpty();
        }
    }

    /** A consumer, with the qos in force when it began. */
    record Consumer(BasicMethod.Consume consume, BasicMethod.Qos qos) {}

    /** The requests on a channel. */
    static final class Channel {
        final Map<String, Consumer> consumers = new LinkedHashMap<>();
        BasicMethod.Qos qos = new BasicMethod.Qos(0, 0, false);
        /** {@code confirm.select} or {@code tx.select}. */
        @Nullable
        AmqpMethod mode;

        String lastQueue = "";
    }

    final Map<String, ExchangeMethod.Declare> exchanges = new LinkedHashMap<>();
    final Map<String, Queue> queues = new LinkedHashMap<>();
    final List<ExchangeMethod.Bind> exchangeBindings = new ArrayList<>();
    final List<QueueMethod.Bind> queueBindings = new ArrayList<>();
    final Map<Integer, Channel> channels = new LinkedHashMap<>();

    /** A channel has been opened. */
    public void channelOpened(int channel) {
        channels.put(channel, new Channel());
    }

    /** A channel has been closed, with its consumers: it is not recovered. */
    public void channelClosed(int channel) {
        Channel closed = channels.remove(channel);
        if (closed != null) {
            closed.consumers.values().forEach(this::left);
        }
    }

    /** The server has ended a consumer, whose queue is gone or has moved. */
    public void consumerCancelled(int channel, String consumerTag) {
        Channel known = channels.get(channel);
        if (known != null) {
            known.consumers.remove(consumerTag);
        }
    }

    /**
     * A request has succeeded.
     *
     * @param reply null with {@code noWait}
     */
    public void done(int channel, AmqpMethod request, @Nullable AmqpMethod reply) {
        done(channels.computeIfAbsent(channel, c -> new Channel()), request, reply);
    }

    /** The same, on another connection, for a request that names its queue. */
    public void done(AmqpMethod request, @Nullable AmqpMethod reply) {
        done(new Channel(), request, reply);
    }

    private void done(Channel on, AmqpMethod request, @Nullable AmqpMethod reply) {
        if (request instanceof ExchangeMethod exchange) {
            exchangeDone(exchange);
        } else if (request instanceof QueueMethod.Declare declare) {
            queueDeclared(on, declare, reply instanceof QueueMethod.DeclareOk ok ? ok.queue() : declare.queue());
        } else if (request instanceof QueueMethod queue) {
            queueDone(on, queue);
        } else if (request instanceof BasicMethod.Qos qos) {
            on.qos = qos;
        } else if (request instanceof BasicMethod.Consume consume) {
            consuming(
                    on, consume, reply instanceof BasicMethod.ConsumeOk ok ? ok.consumerTag() : consume.consumerTag());
        } else if (request instanceof BasicMethod.Cancel cancel) {
            Consumer cancelled = on.consumers.remove(cancel.consumerTag());
            if (cancelled != null) {
                left(cancelled);
            }
        } else if (request instanceof ConfirmMethod.Select || request instanceof TxMethod.Select) {
            on.mode = request;
        }
    }

    /** A plan that declares it again on a new connection, and updates this: names change, failed items are dropped. */
    public RecoveryPlan plan(RecoveryOptions options) {
        return new RecoveryPlan(this, options);
    }

    /** Whether a channel has a consumer to recover. */
    public boolean hasConsumer(int channel) {
        Channel known = channels.get(channel);
        return known != null && !known.consumers.isEmpty();
    }

    /** Whether a channel is to be recovered. */
    public boolean hasChannel(int channel) {
        return channels.containsKey(channel);
    }

    /** Whether it has this queue, which only its connection may use. */
    public boolean hasExclusive(String queue) {
        Queue known = queues.get(queue);
        return known != null && known.declare().exclusive();
    }

    /** Whether a part of it is lost with the connection or the broker: messages published meanwhile would miss it. */
    public boolean hasTransient() {
        return queues.values().stream()
                        .map(Queue::declare)
                        .anyMatch(each -> !each.durable() || each.exclusive() || each.autoDelete())
                || exchanges.values().stream().anyMatch(each -> !each.durable() || each.autoDelete());
    }

    /** The requests for all exchanges, queues and bindings. */
    public List<AmqpMethod> entities() {
        List<AmqpMethod> all = new ArrayList<>(exchanges.values());
        queues.values().forEach(each -> all.add(each.declare()));
        all.addAll(exchangeBindings);
        all.addAll(queueBindings);
        return all;
    }

    /** The requests for one queue and its bindings; empty if it is unknown or the server generated its name. */
    public List<AmqpMethod> entities(String queue) {
        List<AmqpMethod> all = new ArrayList<>();
        Queue known = queues.get(queue);
        if (known != null && !known.isServerNamed()) {
            all.add(known.declare());
            queueBindings.stream().filter(each -> each.queue().equals(queue)).forEach(all::add);
        }
        return all;
    }

    /** Renames a queue: in bindings and consumers, and the queue itself. */
    void renamed(String before, String now) {
        Queue queue = queues.remove(before);
        if (queue != null) {
            queues.put(now, new Queue(now, queue.declare()));
        }
        queueBindings.replaceAll(each -> each.queue().equals(before) ? Names.rename(each, now) : each);
        for (Channel channel : channels.values()) {
            channel.consumers.replaceAll((tag, each) -> each.consume().queue().equals(before)
                    ? new Consumer(Names.rename(each.consume(), now), each.qos())
                    : each);
            channel.lastQueue = channel.lastQueue.equals(before) ? now : channel.lastQueue;
        }
    }

    private void exchangeDone(ExchangeMethod request) {
        if (request instanceof ExchangeMethod.Declare declare) {
            String name = declare.exchange();
            if (!declare.passive() && !name.isEmpty() && !name.startsWith("amq.")) {
                exchanges.put(name, Names.waiting(declare));
            }
        } else if (request instanceof ExchangeMethod.Delete delete) {
            exchangeGone(delete.exchange());
        } else if (request instanceof ExchangeMethod.Bind bind) {
            Names.addOnce(exchangeBindings, Names.waiting(bind));
        } else if (request instanceof ExchangeMethod.Unbind unbind) {
            exchangeBindings.remove(new ExchangeMethod.Bind(
                    unbind.destination(), unbind.source(), unbind.routingKey(), false, unbind.arguments()));
            unbound(unbind.source());
        }
    }

    private void queueDone(Channel on, QueueMethod request) {
        if (request instanceof QueueMethod.Bind bind) {
            Names.addOnce(queueBindings, Names.waiting(bind, on.lastQueue));
        } else if (request instanceof QueueMethod.Unbind unbind) {
            QueueMethod.Bind bound = new QueueMethod.Bind(
                    unbind.queue(), unbind.exchange(), unbind.routingKey(), false, unbind.arguments());
            queueBindings.remove(Names.waiting(bound, on.lastQueue));
            unbound(unbind.exchange());
        } else if (request instanceof QueueMethod.Delete delete) {
            queueGone(delete.queue().isEmpty() ? on.lastQueue : delete.queue());
        }
    }

    private void queueDeclared(Channel on, QueueMethod.Declare declare, String name) {
        on.lastQueue = name;
        if (!declare.passive() && !name.isEmpty()) {
            queues.put(name, new Queue(name, Names.waiting(declare)));
        }
    }

    private static void consuming(Channel on, BasicMethod.Consume consume, String tag) {
        String queue = consume.queue().isEmpty() ? on.lastQueue : consume.queue();
        on.consumers.put(tag, new Consumer(Names.waiting(consume, queue, tag), on.qos));
    }

    /** A consumer has ended; the last one takes an auto-delete queue with it. */
    private void left(Consumer consumer) {
        String name = consumer.consume().queue();
        Queue queue = queues.get(name);
        boolean last = channels.values().stream()
                .flatMap(channel -> channel.consumers.values().stream())
                .noneMatch(each -> each.consume().queue().equals(name));
        if (queue != null && queue.declare().autoDelete() && last) {
            queueGone(name);
        }
    }

    /** A queue is gone, with its bindings and consumers. */
    void queueGone(String name) {
        queues.remove(name);
        List<QueueMethod.Bind> gone =
                queueBindings.stream().filter(each -> each.queue().equals(name)).toList();
        queueBindings.removeAll(gone);
        channels.values()
                .forEach(channel -> channel.consumers
                        .values()
                        .removeIf(each -> each.consume().queue().equals(name)));
        gone.forEach(each -> unbound(each.exchange()));
    }

    private void exchangeGone(String name) {
        exchanges.remove(name);
        queueBindings.removeIf(each -> each.exchange().equals(name));
        List<ExchangeMethod.Bind> gone = exchangeBindings.stream()
                .filter(each -> each.source().equals(name) || each.destination().equals(name))
                .toList();
        exchangeBindings.removeAll(gone);
        gone.stream().filter(each -> !each.source().equals(name)).forEach(each -> unbound(each.source()));
    }

    /** A binding of an exchange is gone; the last one takes an auto-delete exchange with it. */
    private void unbound(String exchange) {
        ExchangeMethod.Declare declare = exchanges.get(exchange);
        boolean last = queueBindings.stream().noneMatch(each -> each.exchange().equals(exchange))
                && exchangeBindings.stream().noneMatch(each -> each.source().equals(exchange));
        if (declare != null && declare.autoDelete() && last) {
            exchangeGone(exchange);
        }
    }
}
