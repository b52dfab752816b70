package dev.polywire.bench;

import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.RawEvent;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadStreamResult;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** The bytes of a stream's events, each as it stands in a page. Made once. */
final class ScriptedEvents {

    static final int EVENTS = 100_000;
    static final int DATA_BYTES = 256;

    /** Field 1, with a length. */
    private static final byte EVENT_TAG = 0x0a;

    private static final ScriptedEvents ALL = new ScriptedEvents();

    private final Buffer bytes = Buffer.buffer();
    private final int[] beginnings = new int[EVENTS + 1];

    private ScriptedEvents() {
        Random random = new Random(21);
        byte[] data = new byte[DATA_BYTES];
        for (int number = 0; number < EVENTS; number++) {
            beginnings[number] = bytes.length();
            random.nextBytes(data);
            UUID id = new UUID(random.nextLong(), random.nextLong());
            EventRecord event = new EventRecord(
                    "scripted",
                    number,
                    id,
                    "SomethingHappened",
                    0,
                    0,
                    Buffer.buffer(data),
                    Buffer.buffer(),
                    637_000_000_000_000_000L + number,
                    1_564_403_200_000L + number);
            Buffer raw = RawEvent.of(event, null, null);
            bytes.appendByte(EVENT_TAG);
            appendVarint(bytes, raw.length() - Integer.BYTES);
            bytes.appendBuffer(raw, Integer.BYTES, raw.length() - Integer.BYTES);
        }
        beginnings[EVENTS] = bytes.length();
    }

    /** Appends the payload of an answer. */
    static void appendPage(ReadMessage.ReadStreamEvents asked, Buffer to) {
        int from = (int) Math.min(asked.fromEventNumber(), EVENTS);
        int next = Math.min(from + asked.maxCount(), EVENTS);
        int begin = ALL.beginnings[from];
        to.appendBuffer(ALL.bytes, begin, ALL.beginnings[next] - begin);
        to.appendBuffer(new ReadMessage.ReadStreamEventsCompleted(
                        asked.direction(),
                        List.of(),
                        ReadStreamResult.SUCCESS,
                        next,
                        EVENTS - 1,
                        next == EVENTS,
                        EVENTS,
                        null)
                .payload());
    }

    /** Appends a number of seven bits a byte. */
    static void appendVarint(Buffer to, long value) {
        long left = value;
        while (left > 0x7F) {
            to.appendByte((byte) (left | 0x80));
            left >>>= 7;
        }
        to.appendByte((byte) left);
    }
}
