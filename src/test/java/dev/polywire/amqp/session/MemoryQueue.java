package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.QueueMethod;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A queue of a {@link MemoryBroker}. */
final class MemoryQueue {

    record Message(String exchange, String routingKey, Content content, boolean redelivered) {

        Message again() {
            return new Message(exchange, routingKey, content, true);
        }
    }

    /** One consumer. */
    record Taker(MemoryPeer peer, int channel, String tag, int prefetchCount, boolean noAck, boolean exclusive) {}

    final String name;
    final QueueMethod.Declare declare;
    /** Who may use an exclusive one; null: everybody. */
    final MemoryPeer owner;

    final ArrayDeque<Message> ready = new ArrayDeque<>();
    final List<Taker> takers = new ArrayList<>();
    private int turn;

    MemoryQueue(String name, QueueMethod.Declare declare, MemoryPeer owner) {
        this.name = name;
        this.declare = declare;
        this.owner = owner;
    }

    void add(Message message) {
        ready.add(message);
        deliver();
    }

    void giveBack(Message message) {
        ready.addFirst(message.again());
    }

    /** As much as its consumers take, in turns. */
    void deliver() {
        for (int tried = 0; !ready.isEmpty() && tried < takers.size(); tried++) {
            Taker taker = takers.get(turn++ % takers.size());
            if (taker.peer().deliver(taker, this, ready.peek())) {
                ready.remove();
                tried = -1;
            }
        }
    }
}
