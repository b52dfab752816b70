package dev.polywire.framed.client;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Incoming messages of a connection with envelopes: replies go to their requests, all others to readers. The socket is read
 * while a request or a reader waits.
 */
final class FramedCorrelation {

    private final FramedConnection connection;
    private final FramedCalls calls;
    private final FramedParking parking = new FramedParking();
    private final Context context = Vertx.currentContext();
    private boolean wanted;
    private boolean unparking;
    /** Why the connection is down, while its messages wait here. */
    private @Nullable RuntimeException ended;

    /** @param late runs when a reply arrives after its caller has given up */
    FramedCorrelation(FramedConnection connection, int maxOutstanding, FramedOutput output, Runnable late) {
        this.connection = connection;
        this.calls = new FramedCalls(maxOutstanding, output, connection.spi(), this::look, late);
    }

    FramedCalls calls() {
        return calls;
    }

    /** Sets whether a reader wants messages. */
    void want(boolean wanted) {
        this.wanted = wanted;
        if (wanted && !parking.isEmpty()) {
            unpark();
        }
        look();
    }

    void received(Buffer payload) {
        try {
            FramedEnvelope envelope = FramedEnvelope.read(payload);
            if (envelope.kind() == Kind.REPLY || envelope.kind() == Kind.FAILURE) {
                calls.answered(envelope);
            } else {
                message(envelope);
            }
        } catch (ProtocolException malformed) {
            give(Future.failedFuture(malformed), 0);
        }
    }

    /** @return whether messages must be read before the end; the connection is notified after the last */
    boolean endsLater(RuntimeException cause) {
        if (parking.isEmpty()) {
            return false;
        }
        ended = cause;
        return true;
    }

    /** Drops unread messages. */
    void drop() {
        parking.clear();
        finish();
    }

    private void message(FramedEnvelope envelope) {
        Buffer content = parks() ? envelope.content().copy() : envelope.content();
        give(
                Future.succeededFuture(
                        envelope.kind() == Kind.REQUEST
                                ? new FramedReceived.Request(envelope.id(), content)
                                : new FramedReceived.Message(content)),
                content.length());
    }

    private boolean parks() {
        return !wanted || !parking.isEmpty();
    }

    private void give(Future<FramedReceived> message, int bytes) {
        if (parks()) {
            parking.add(message, bytes);
            look();
        } else {
            connection.received(message);
        }
    }

    /** In a turn of its own, since a caller that resumes does not expect a message during the call. */
    private void unpark() {
        if (!unparking) {
            unparking = true;
            context.runOnContext(v -> {
                unparking = false;
                while (wanted && !parking.isEmpty()) {
                    Future<FramedReceived> next = parking.poll();
                    if (next != null) {
                        connection.received(next);
                    }
                }
                look();
                finish();
            });
        }
    }

    private void look() {
        connection.hold(parking.isFull() || !wanted && !calls.isWaiting());
    }

    private void finish() {
        RuntimeException cause = ended;
        if (cause != null && parking.isEmpty()) {
            ended = null;
            connection.over(cause);
        }
    }
}
