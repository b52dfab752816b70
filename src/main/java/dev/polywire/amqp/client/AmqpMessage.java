package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;

/**
 * A message that was asked for ({@code basic.get}).
 *
 * @param method delivery tag, where it was published to, and how many are left
 * @param content its own memory, so that it may be kept
 */
public record AmqpMessage(ContentMethod.GetOk method, Content content) {}
