package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Which of two answers to a hello is the newer one (server discovery and monitoring specification, topologyVersion Comparison):
 * {@code {processId: ObjectId, counter: int64}}.
 */
public final class TopologyVersion {

    private static final int OBJECT_ID = 0x07;

    private TopologyVersion() {}

    /**
     * Whether an answer is older than what is known: it is of the same process, and its counter is less. Anything else is new, or
     * the same, or no version.
     *
     * @param known as received; null: nothing
     * @param received as received; null: the server has none
     */
    public static boolean isOlder(@Nullable Buffer known, @Nullable Buffer received) {
        if (known == null || received == null) {
            return false;
        }
        Buffer process = process(known);
        Long before = counter(known);
        Long now = counter(received);
        return process != null && process.equals(process(received)) && before != null && now != null && now < before;
    }

    private static @Nullable Buffer process(Buffer checked) {
        BsonElements elements = new BsonElements(checked, 0);
        while (elements.next()) {
            if (elements.type() == OBJECT_ID && elements.is("processId")) {
                return checked.slice(elements.value(), elements.end());
            }
        }
        return null;
    }

    private static @Nullable Long counter(Buffer checked) {
        BsonElements elements = new BsonElements(checked, 0);
        while (elements.next()) {
            if (elements.type() == BsonElements.INT64 && elements.is("counter")) {
                return elements.int64();
            }
        }
        return null;
    }
}
