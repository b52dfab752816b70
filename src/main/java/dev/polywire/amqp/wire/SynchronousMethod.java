package dev.polywire.amqp.wire;

/** A method that has an answer (AMQP 0-9-1, 2.2.3). */
public interface SynchronousMethod {

    int id();

    /** Whether it asks for no answer. */
    default boolean noWait() {
        return false;
    }

    /** Whether this is the answer. The number of most is one more. */
    default boolean isAnsweredBy(AmqpMethod reply) {
        return reply.id() == id() + 1;
    }
}
