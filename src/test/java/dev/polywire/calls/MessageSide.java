package dev.polywire.calls;

import dev.polywire.core.net.Deadline;
import dev.polywire.framed.wire.FramedLimits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * Messages on a framed connection, which nobody answers: one is on its way as long as the system has not taken all of it, and
 * for that it must be long and its peer must not read.
 */
final class MessageSide extends FramedSide {

    @Override
    FramedLimits limits() {
        return LIMITS;
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return connection().send(padded(name, MAX_FRAME_BYTES), deadline).map(name);
    }

    @Override
    Future<String> next(String name, Deadline deadline) {
        return connection().send(Buffer.buffer(name), deadline).map(name);
    }

    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        return connection().send(padded(name, MAX_FRAME_BYTES + 1), deadline).map(name);
    }

    /** A frame whose length is another's. */
    @Override
    Future<String> unwritable(String name, Deadline deadline) {
        return connection()
                .sendFrame(Buffer.buffer().appendInt(1), null)
                .written()
                .map(name);
    }

    @Override
    Future<String> outOfTurn(String name, Deadline deadline) {
        return connection().request(Buffer.buffer(name), deadline).map(name);
    }

    @Override
    int fill() {
        ask(this::changing, "long");
        return 1 + fillQueue();
    }

    /** Others must wait behind it, or we would wait for its peer when we leave. */
    @Override
    void sent() {
        fillQueue();
    }

    @Override
    String hear() {
        return name(peer().read());
    }

    @Override
    void answer() {}
}
