/**
 * AMQP 0-9-1 with RabbitMQ's extensions, without a socket: frames, field tables, methods, contents, the machines of both
 * sides, and the plan that recovers a lost connection. The conversation is in {@link
 * dev.polywire.amqp.wire.ConnectionTransitions} and {@link dev.polywire.amqp.wire.ChannelTransitions}; start with {@link
 * dev.polywire.amqp.wire.AmqpClientMachine}, then {@link dev.polywire.amqp.wire.RecoveryPlan}. Everything is big endian.
 */
@NullMarked
package dev.polywire.amqp.wire;

import org.jspecify.annotations.NullMarked;
