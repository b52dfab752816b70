package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ReplyCode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a consumer of a stream queue begins again. The broker keeps no place for it and gives nothing back: it begins where {@code
 * basic.consume} says, by default at the end. The first delivery shows whether the queue is a stream; of any other queue
 * nothing is kept.
 */
final class StreamOffsets {

    /** Of {@code basic.consume}, and a header of each message of a stream. */
    static final String NAME = "x-stream-offset";

    /** Of deliveries that are not settled, by their numbers. */
    private final TreeMap<Long, Long> unsettled = new TreeMap<>();
    /** The lowest one that was given back; {@link Long#MAX_VALUE}: none. */
    private long givenBack = Long.MAX_VALUE;
    /** Behind the last delivery; -1: there was none. */
    private long next = -1;

    /** Those of {@code basic.consume} as it was asked for. */
    private final Map<String, @Nullable Object> arguments;

    private @Nullable Boolean isStream;

    StreamOffsets(Map<String, @Nullable Object> arguments) {
        this.arguments = arguments;
    }

    boolean isStream() {
        return Boolean.TRUE.equals(isStream);
    }

    /** @param settles whether it will be settled */
    void delivered(long number, Content content, boolean settles) {
        if (Boolean.FALSE.equals(isStream)) {
            return;
        }
        Object said = content.properties().headers().get(NAME);
        isStream = said instanceof Long || isStream();
        if (said instanceof Long offset && offset >= 0 && offset < Long.MAX_VALUE) {
            next = offset + 1;
            if (settles) {
                unsettled.put(number, offset);
            }
        }
    }

    /** @param multiple whether all before it are settled too. @param again whether they are to be given again */
    void settled(long number, boolean multiple, boolean again) {
        if (isStream()) {
            Map<Long, Long> settled =
                    multiple ? unsettled.headMap(number, true) : unsettled.subMap(number, true, number, true);
            if (again) {
                settled.values().forEach(offset -> givenBack = Math.min(givenBack, offset));
            }
            settled.clear();
        }
    }

    /** What is unsettled can no longer be settled. */
    void lost() {
        unsettled.values().forEach(offset -> givenBack = Math.min(givenBack, offset));
        unsettled.clear();
    }

    /** The queue is gone: another one of this name begins at 0. */
    void forget() {
        isStream = null;
        givenBack = Long.MAX_VALUE;
        next = -1;
        unsettled.clear();
    }

    /**
     * Whether the broker has refused an offset of ours: the queue is no stream, although its first message has said so, as
     * whoever publishes may.
     */
    boolean isRefused(Throwable cause) {
        boolean refused = isStream()
                && cause instanceof AmqpException said
                && said.reason().code() == ReplyCode.PRECONDITION_FAILED.code()
                && said.reason().text().contains(NAME);
        isStream = refused ? Boolean.FALSE : isStream;
        return refused;
    }

    /** The request that goes on where this consumer is: at what was given back, else behind the last delivery. */
    BasicMethod.Consume from(BasicMethod.Consume consume) {
        Map<String, @Nullable Object> now = new HashMap<>(arguments);
        if (isStream() && next >= 0) {
            next = Math.min(next, givenBack);
            givenBack = Long.MAX_VALUE;
            now.put(NAME, next);
        }
        return consume.with(consume.consumerTag(), now);
    }
}
