package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;

/** A message that was fetched. One that is not settled goes back to its queue when the connection is lost or closed. */
public final class AmqpGot {

    /** How it came. */
    public ContentMethod.GetOk method() {
        throw new UnsupportedOperationException();
    }

    public Content content() {
        throw new UnsupportedOperationException();
    }

    /**
     * It is done.
     *
     * @return false when its connection is lost: it is in its queue again
     */
    public boolean ack() {
        throw new UnsupportedOperationException();
    }

    /** It is not taken. As {@link #ack}. */
    public boolean reject(boolean requeue) {
        throw new UnsupportedOperationException();
    }
}
