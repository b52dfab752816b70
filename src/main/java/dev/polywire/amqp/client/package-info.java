/**
 * One AMQP 0-9-1 connection, which does not come back: {@link dev.polywire.amqp.client.AmqpConnection}, and what is said on
 * its channels, {@link dev.polywire.amqp.client.AmqpChannel}.
 */
@NullMarked
package dev.polywire.amqp.client;

import org.jspecify.annotations.NullMarked;
