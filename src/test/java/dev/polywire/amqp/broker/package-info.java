/** Brokers of other people for integration tests of AMQP: Qpid in this JVM, or RabbitMQ. Start at {@link Brokers}. */
package dev.polywire.amqp.broker;
