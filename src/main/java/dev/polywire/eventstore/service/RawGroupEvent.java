package dev.polywire.eventstore.service;

import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.wire.RawEvent;
import io.vertx.core.buffer.Buffer;

/**
 * An event of a persistent subscription in raw form: a {@link RawEvent} with its retry count in front of the message.
 *
 * <pre>
 *   00 00 00 30          how many bytes follow
 *   00 00 00 01          the retry count
 *   0a 28 ...            a ResolvedIndexedEvent: 1: the event, absent when a link's target is gone
 *   12 ...               2: the link; absent when there is none
 * </pre>
 */
public final class RawGroupEvent {

    private RawGroupEvent() {}

    /** The bytes of an event. */
    static Buffer of(ReceivedEvent event, int retryCount) {
        Buffer plain = RawEvent.of(event.event(), event.link(), null);
        return Buffer.buffer(Integer.BYTES + plain.length())
                .appendInt(plain.length())
                .appendInt(retryCount)
                .appendBuffer(plain, Integer.BYTES, plain.length() - Integer.BYTES);
    }
}
