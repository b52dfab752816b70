package dev.polywire.framed.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
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
 * while a request or a reader waits. What waits for a reader outlives the connection, and so has an account of its own.
 */
final class FramedCorrelation implements MemoryHolder {

    private final FramedConnection connection;
    private final FramedCalls calls;
    private final FramedParking parking = new FramedParking();
    private final Context context = Vertx.currentContext();
    private boolean wanted;
    private boolean unparking;
    /** While something waits. */
    private @Nullable MemoryAccount account;
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

    /** Since when messages have waited for a reader; {@link Long#MAX_VALUE}: none do. */
    long unreadSinceMillis() {
        return wanted ? Long.MAX_VALUE : parking.sinceMillis();
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
        count();
        finish();
    }

    @Override
    public void read(boolean on) {
        look();
    }

    @Override
    public void drop(CallException why) {
        connection.close(why, FramedEnding.UNREAD);
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
            count();
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
                count();
                look();
                finish();
            });
        }
    }

    private void look() {
        boolean mayRead = account == null || account.mayRead();
        connection.hold(!mayRead || parking.isFull() || !wanted && !calls.isWaiting());
    }

    private void count() {
        MemoryAccount open = account;
        if (open == null && !parking.isEmpty()) {
            String name = "framed " + connection.target() + ", unread messages";
            account = open = MemoryBudget.of(context.owner()).open(name, this);
        }
        if (open != null) {
            open.holds(parking.heldBytes());
        }
        if (open != null && parking.isEmpty()) {
            account = null;
            open.close();
        }
    }

    private void finish() {
        RuntimeException cause = ended;
        if (cause != null && parking.isEmpty()) {
            ended = null;
            connection.over(cause);
        }
    }
}
