package dev.polywire.framed.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * One message on its way out.
 *
 * @param written as {@link FramedConnection#send(Buffer, dev.polywire.core.net.Deadline)} has it
 * @param giveUp withdraws a waiting message; one whose writing has begun continues
 */
public record Sending(Future<Void> written, Runnable giveUp) {

    static Sending begun(Future<Void> written) {
        return new Sending(written, () -> {});
    }
}
