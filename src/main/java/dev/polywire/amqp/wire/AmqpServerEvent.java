package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What a client sent. */
public sealed interface AmqpServerEvent {

    /** The eight bytes before all frames, which ask for {@code start}, or for another version. */
    record Header(Buffer bytes) implements AmqpServerEvent {}

    /** A method with its content. @param content null, but for {@link ContentMethod.Publish} */
    record Method(int channel, AmqpMethod method, @Nullable Content content) implements AmqpServerEvent {}

    record Heartbeat() implements AmqpServerEvent {}
}
