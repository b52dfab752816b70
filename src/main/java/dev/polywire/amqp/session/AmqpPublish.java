package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;

/**
 * A message and where it goes.
 *
 * @param exchange empty: the default exchange, where the routing key is a queue's name
 * @param mandatory whether it fails when no queue gets it
 */
public record AmqpPublish(String exchange, String routingKey, boolean mandatory, Content content) {}
