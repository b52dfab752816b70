package dev.polywire.amqp.wire;

/** A method that has an answer (AMQP 0-9-1, 2.2.3): {@link AmqpMethod#isAnsweredBy}. */
public interface SynchronousMethod {

    /** Whether it asks for no answer. */
    default boolean noWait() {
        return false;
    }
}
