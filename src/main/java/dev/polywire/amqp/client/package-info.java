/**
 * One AMQP 0-9-1 connection, without reconnection: {@link dev.polywire.amqp.client.AmqpConnection}, and the requests and
 * deliveries of its channels, {@link dev.polywire.amqp.client.AmqpChannel}.
 */
@NullMarked
package dev.polywire.amqp.client;

import org.jspecify.annotations.NullMarked;
