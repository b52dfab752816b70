package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;

/** The answer to a request; its correlation id is the one that the request came with. */
public record AmqpReply(ContentMethod.Deliver method, Content content) {}
