/**
 * AMQP on the event bus: {@link dev.polywire.amqp.service.AmqpVerticle} serves
 * {@link dev.polywire.amqp.service.AmqpService}, whose messages are {@link dev.polywire.amqp.service.MessageJson}.
 */
@NullMarked
package dev.polywire.amqp.service;

import org.jspecify.annotations.NullMarked;
