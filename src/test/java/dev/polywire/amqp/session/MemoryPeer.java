package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.AmqpServerMachine;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One connection to a {@link MemoryBroker}. */
final class MemoryPeer extends Connection<AmqpServerEvent> {

    /** A refusal that closes the channel. */
    private static final class Refused extends RuntimeException {
        final int code;

        Refused(int code, String text) {
            super(text);
            this.code = code;
        }
    }

    private final MemoryBroker broker;
    private final AmqpServerMachine machine;
    private final Map<Integer, MemoryChannel> channels = new HashMap<>();
    private boolean publishes;
    private boolean ending;
    private boolean down;

    static MemoryPeer accept(MemoryBroker broker, Acceptor.Accepted accepted) {
        AmqpServerMachine machine = new AmqpServerMachine(AmqpLimits.DEFAULT, FrameTap.NONE);
        return accepted.attach(machine, socket -> new MemoryPeer(socket, broker, machine));
    }

    private MemoryPeer(OpenSocket<AmqpServerEvent> socket, MemoryBroker broker, AmqpServerMachine machine) {
        super(socket);
        this.broker = broker;
        this.machine = machine;
    }

    boolean isDown() {
        return down;
    }

    void reset() {
        socket().abort(new CallException(CallException.Reason.CONNECTION_LOST, "reset by the test"));
    }

    /** Reads nothing more. */
    void pause(boolean paused) {
        if (paused) {
            socket().pause();
        } else {
            socket().resume();
        }
    }

    boolean publishes() {
        return publishes;
    }

    void block(String reason) {
        if (publishes && !down) {
            say(0, reason == null ? new ConnectionMethod.Unblocked() : new ConnectionMethod.Blocked(reason));
        }
    }

    void say(int channel, AmqpMethod method) {
        machine.send(channel, method);
        socket().flush();
    }

    /** Whether its channel takes one more. */
    boolean deliver(MemoryQueue.Taker taker, MemoryQueue queue, MemoryQueue.Message message) {
        MemoryChannel channel = channels.get(taker.channel());
        if (!taker.noAck() && channel.isFull(taker)) {
            return false;
        }
        long tag = channel.give(queue, message, taker.noAck(), taker);
        machine.send(
                taker.channel(),
                new ContentMethod.Deliver(
                        taker.tag(), tag, message.redelivered(), message.exchange(), message.routingKey()),
                message.content());
        socket().flush();
        return true;
    }

    void cancel(MemoryQueue.Taker taker) {
        if (!down) {
            say(taker.channel(), new BasicMethod.Cancel(taker.tag(), true));
        }
    }

    void timeOut(MemoryQueue.Taker taker, boolean cancels) {
        MemoryChannel channel = channels.get(taker.channel());
        if (cancels) {
            broker.queues.values().forEach(queue -> queue.takers.remove(taker));
            cancel(taker);
            giveBack(channel);
        } else {
            end(taker.channel());
            channel.closing = true;
            say(
                    taker.channel(),
                    new ChannelMethod.Close(406, "PRECONDITION_FAILED - delivery acknowledgement timed out", 0, 0));
        }
    }

    void giveBackAll() {
        channels.values().forEach(this::giveBack);
        channels.clear();
    }

    @Override
    protected void event(AmqpServerEvent event) {
        if (event instanceof AmqpServerEvent.Method asked) {
            broker.asked.add(asked.method().name());
            if (ending && !(asked.method() instanceof ConnectionMethod.CloseOk)) {
                return;
            }
            if (broker.isHardError(asked.method())) {
                end(540, "NOT_IMPLEMENTED", asked.method().id());
                return;
            }
            try {
                if (asked.method().name().equals(broker.softErrorAt)) {
                    throw new Refused(403, "as the test says");
                }
                asked(asked.channel(), asked.method(), asked.content());
            } catch (Refused refused) {
                close(asked.channel(), asked.method(), refused);
            }
        } else if (event instanceof AmqpServerEvent.Header && !broker.isSilent) {
            machine.send(
                    0,
                    new ConnectionMethod.Start(
                            0,
                            9,
                            Map.of("product", broker.product, "capabilities", broker.capabilities()),
                            Buffer.buffer("PLAIN"),
                            Buffer.buffer("en_US")));
        }
        socket().flush();
    }

    @Override
    protected void ended(RuntimeException cause) {
        down = true;
        broker.lost(this);
    }

    private void end(int code, String text, int id) {
        ending = true;
        say(0, new ConnectionMethod.Close(code, text, id >>> 16, id & 0xffff));
    }

    private void asked(int number, AmqpMethod method, Content content) {
        MemoryChannel channel = channels.get(number);
        if (method instanceof ChannelMethod.Open) {
            channels.put(number, new MemoryChannel(broker));
            machine.send(number, new ChannelMethod.OpenOk());
        } else if (method instanceof ChannelMethod.CloseOk) {
            channels.remove(number);
        } else if (number == 0) {
            connection(method);
        } else if (!channel.closing) {
            channel(number, channel, method, content);
        } else if (method instanceof ChannelMethod.Close) {
            // The two have crossed, and each side answers the other's.
            machine.send(number, new ChannelMethod.CloseOk());
        }
    }

    private void connection(AmqpMethod method) {
        if (method instanceof ConnectionMethod.StartOk) {
            machine.send(0, new ConnectionMethod.Tune(2_047, broker.maxFrameBytes, 0));
        } else if (method instanceof ConnectionMethod.Open) {
            machine.send(
                    0,
                    broker.peers.stream().filter(peer -> !peer.down).count() > broker.maxPeers
                            ? new ConnectionMethod.Close(530, "NOT_ALLOWED - connection limit is reached", 10, 40)
                            : new ConnectionMethod.OpenOk());
        } else if (method instanceof ConnectionMethod.Close) {
            machine.send(0, new ConnectionMethod.CloseOk());
        } else if (method instanceof ConnectionMethod.UpdateSecret secret) {
            broker.secrets.add(secret.newSecret().toString());
            machine.send(0, new ConnectionMethod.UpdateSecretOk());
        } else if (method instanceof ConnectionMethod.CloseOk) {
            socket().close(new CallException(CallException.Reason.CONNECTION_LOST, "closed by the broker"));
        }
    }

    private void channel(int number, MemoryChannel channel, AmqpMethod method, Content content) {
        if (method instanceof ContentMethod.Publish publish) {
            publish(number, channel, publish, content);
        } else if (method instanceof BasicMethod.Consume consume) {
            consume(number, channel, consume);
        } else if (method instanceof BasicMethod.Ack ack) {
            settle(channel, ack.deliveryTag(), ack.multiple(), "acknowledged");
        } else if (method instanceof BasicMethod.Nack nack) {
            settle(channel, nack.deliveryTag(), nack.multiple(), nack.requeue() ? "returned" : "rejected");
        } else if (method instanceof BasicMethod.Reject reject) {
            settle(channel, reject.deliveryTag(), false, reject.requeue() ? "returned" : "rejected");
        } else if (method instanceof BasicMethod.Qos qos) {
            channel.prefetchCount = qos.prefetchCount();
            machine.send(number, new BasicMethod.QosOk());
        } else if (method instanceof ConfirmMethod.Select) {
            channel.confirms = true;
            machine.send(number, new ConfirmMethod.SelectOk());
        } else if (method instanceof BasicMethod.Get get) {
            get(number, channel, get);
        } else if (method instanceof BasicMethod.Cancel cancel) {
            broker.queues
                    .values()
                    .forEach(queue -> queue.takers.removeIf(
                            taker -> is(taker, number) && taker.tag().equals(cancel.consumerTag())));
            machine.send(number, new BasicMethod.CancelOk(cancel.consumerTag()));
        } else if (method instanceof ChannelMethod.Close) {
            end(number);
            machine.send(number, new ChannelMethod.CloseOk());
            channels.remove(number);
        } else {
            declare(number, method);
        }
    }

    private void declare(int number, AmqpMethod method) {
        if (method instanceof ExchangeMethod.Declare declare) {
            ExchangeMethod.Declare before = broker.exchanges.putIfAbsent(declare.exchange(), declare);
            if (before != null && !before.type().equals(declare.type())) {
                throw new Refused(406, "inequivalent arg 'type'");
            }
            machine.send(number, new ExchangeMethod.DeclareOk());
        } else if (method instanceof QueueMethod.Declare declare) {
            machine.send(number, declared(declare));
        } else if (method instanceof QueueMethod.Bind bind) {
            queue(bind.queue());
            if (!broker.exchanges.containsKey(bind.exchange())) {
                throw new Refused(404, "no exchange '" + bind.exchange() + "'");
            }
            if (!broker.bindings.contains(bind)) {
                broker.bindings.add(bind);
            }
            machine.send(number, new QueueMethod.BindOk());
        } else if (method instanceof QueueMethod.Delete delete) {
            broker.remove(delete.queue());
            machine.send(number, new QueueMethod.DeleteOk(0));
        } else if (method instanceof QueueMethod.Purge purge) {
            MemoryQueue purged = queue(purge.queue());
            machine.send(number, new QueueMethod.PurgeOk(purged.ready.size()));
            purged.ready.clear();
        }
    }

    private QueueMethod.DeclareOk declared(QueueMethod.Declare declare) {
        String name = declare.queue().isEmpty() ? broker.newName() : declare.queue();
        MemoryQueue queue = broker.queues.get(name);
        if (queue == null && declare.passive()) {
            throw new Refused(404, "no queue '" + name + "'");
        } else if (queue == null) {
            queue = new MemoryQueue(name, declare, declare.exclusive() ? this : null);
            broker.queues.put(name, queue);
        } else if (queue(name).declare.durable() != declare.durable()) {
            throw new Refused(406, "inequivalent arg 'durable'");
        }
        return new QueueMethod.DeclareOk(name, queue.ready.size(), queue.takers.size());
    }

    private MemoryQueue queue(String name) {
        MemoryQueue queue = broker.queues.get(name);
        if (queue == null) {
            throw new Refused(404, "no queue '" + name + "'");
        }
        if (queue.owner != null && queue.owner != this) {
            throw new Refused(405, "cannot obtain exclusive access to locked queue '" + name + "'");
        }
        return queue;
    }

    private void consume(int number, MemoryChannel channel, BasicMethod.Consume consume) {
        String name = consume.queue().isEmpty() ? lastQueue() : consume.queue();
        MemoryQueue queue = queue(name);
        if (queue.takers.stream().anyMatch(MemoryQueue.Taker::exclusive)
                || consume.exclusive() && !queue.takers.isEmpty()) {
            throw new Refused(403, "queue '" + name + "' in exclusive use");
        }
        machine.send(number, new BasicMethod.ConsumeOk(consume.consumerTag()));
        queue.takers.add(new MemoryQueue.Taker(
                this, number, consume.consumerTag(), channel.prefetchCount, consume.noAck(), consume.exclusive()));
        queue.deliver();
    }

    private String lastQueue() {
        return new ArrayList<>(broker.queues.keySet()).get(broker.queues.size() - 1);
    }

    private void publish(int number, MemoryChannel channel, ContentMethod.Publish publish, Content content) {
        publishes = true;
        String id = String.valueOf(content.properties().messageId());
        broker.published.add(id);
        if (id.startsWith(broker.poison)) {
            end(541, "INTERNAL_ERROR", 0);
            return;
        }
        if (!publish.exchange().isEmpty() && !broker.exchanges.containsKey(publish.exchange())) {
            throw new Refused(404, "no exchange '" + publish.exchange() + "'");
        }
        boolean routed = broker.route(publish, content);
        if (!routed && publish.mandatory()) {
            machine.send(
                    number,
                    new ContentMethod.Return(312, "NO_ROUTE", publish.exchange(), publish.routingKey()),
                    content);
        }
        if (channel.confirms) {
            long tag = ++channel.publishes;
            if (!broker.withholdsConfirms) {
                machine.send(
                        number,
                        broker.nacks ? new BasicMethod.Nack(tag, false, false) : new BasicMethod.Ack(tag, false));
            }
        }
    }

    private void get(int number, MemoryChannel channel, BasicMethod.Get get) {
        MemoryQueue queue = queue(get.queue());
        MemoryQueue.Message message = queue.ready.poll();
        if (message == null) {
            machine.send(number, new BasicMethod.GetEmpty());
            return;
        }
        long tag = channel.give(queue, message, get.noAck(), null);
        machine.send(
                number,
                new ContentMethod.GetOk(
                        tag, message.redelivered(), message.exchange(), message.routingKey(), queue.ready.size()),
                message.content());
    }

    private void settle(MemoryChannel channel, long tag, boolean multiple, String what) {
        if (!channel.settle(tag, multiple, what)) {
            throw new Refused(406, "unknown delivery tag " + tag);
        }
        deliver();
    }

    private void deliver() {
        List.copyOf(broker.queues.values()).forEach(MemoryQueue::deliver);
    }

    private void close(int number, AmqpMethod method, Refused refused) {
        end(number);
        channels.get(number).closing = true;
        machine.send(
                number,
                new ChannelMethod.Close(refused.code, refused.getMessage(), method.id() >>> 16, method.id() & 0xffff));
    }

    private void end(int number) {
        broker.queues.values().forEach(queue -> queue.takers.removeIf(taker -> is(taker, number)));
        giveBack(channels.get(number));
    }

    private void giveBack(MemoryChannel channel) {
        channel.takeBack();
        deliver();
    }

    private boolean is(MemoryQueue.Taker taker, int number) {
        return taker.peer() == this && taker.channel() == number;
    }
}
