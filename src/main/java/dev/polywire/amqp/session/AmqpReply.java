package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;

/** The answer to a request, with the correlation id that the caller gave the request. */
public record AmqpReply(ContentMethod.Deliver method, Content content) {}
