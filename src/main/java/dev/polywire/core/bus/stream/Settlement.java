package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A reader's decisions about items of a stream, see {@link StreamService#settle}. */
record Settlement(
        long[] ack,
        long[] nack,
        long[] reject,
        boolean upTo,
        @Nullable Boolean requeue,
        @Nullable String action,
        @Nullable String reason) {

    /**
     * What a request has done.
     *
     * @param settled items that were not settled before
     * @param late items that the protocol had taken back
     */
    record Effect(int settled, int late) {

        static final Effect NOTHING = new Effect(0, 0);
    }

    private static final int MAX_ITEMS = StreamService.MAX_BATCH_ITEMS;

    static Settlement read(
            @Nullable JsonArray ack,
            @Nullable JsonArray nack,
            @Nullable JsonArray reject,
            @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        Settlement read = new Settlement(
                numbers("ack", ack),
                numbers("nack", nack),
                numbers("reject", reject),
                json.flag("upTo", false),
                json.has("requeue") ? json.flag("requeue", false) : null,
                json.textOrNull("action"),
                json.textOrNull("reason"));
        json.done();
        read.check(json);
        int items = read.ack.length + read.nack.length + read.reject.length;
        int most = read.upTo ? 1 : MAX_ITEMS;
        if (items == 0 || items > most) {
            throw Failure.BAD_REQUEST.because("ack, nack, reject: " + items + " items (expected: "
                    + (read.upTo ? "1, with upTo" : "1 to " + MAX_ITEMS) + ")");
        }
        return read;
    }

    private void check(Fields json) {
        if (action != null && requeue != null) {
            throw json.complaint("requeue", requeue + " (expected: none beside action)");
        } else if (reason != null && reason.length() > Rejection.MAX_REASON_CHARS) {
            throw json.complaint(
                    "reason", reason.length() + " characters (expected: at most " + Rejection.MAX_REASON_CHARS + ")");
        } else if (reason != null && !Utf8.isUnicode(reason)) {
            throw json.complaint("reason", Utf8.NOT_UNICODE);
        } else if (ack.length > 0 && nack.length + reject.length == 0) {
            requireNone(json, "action", action, "of items that are acknowledged");
            requireNone(json, "reason", reason, "of items that are acknowledged");
        }
    }

    private static void requireNone(Fields json, String name, @Nullable String value, String why) {
        if (value != null) {
            throw json.complaint(name, why);
        }
    }

    private void check(List<String> actions) {
        Fields json = Fields.at("options", null);
        if (actions.isEmpty()) {
            requireNone(json, "action", action, Fields.UNKNOWN);
            requireNone(json, "reason", reason, Fields.UNKNOWN);
        } else if (action != null && !actions.contains(action)) {
            throw json.complaint("action", "unknown (expected: one of " + actions + ")");
        }
    }

    /** Passes the decisions to the source. */
    Effect tell(SettledSource source, Unsettled unsettled) {
        check(source.actions());
        check("ack", ack, unsettled);
        check("nack", nack, unsettled);
        check("reject", reject, unsettled);
        int late = late(ack, unsettled) + late(nack, unsettled) + late(reject, unsettled);
        int settled = each(ack, unsettled, source::acknowledge, source::acknowledgeUpTo)
                + rejected(nack, requeue == null || requeue, source, unsettled)
                + rejected(reject, requeue != null && requeue, source, unsettled);
        return new Effect(settled, late);
    }

    private int rejected(long[] items, boolean again, SettledSource source, Unsettled unsettled) {
        Rejection how = new Rejection(again, action, reason);
        return each(
                items, unsettled, item -> source.reject(item, how), (item, all) -> source.rejectUpTo(item, how, all));
    }

    /** With {@code upTo} of all up to the item. */
    private int late(long[] items, Unsettled unsettled) {
        return (int) LongStream.of(items)
                .map(item -> unsettled.late(upTo ? 1 : item, item))
                .sum();
    }

    private interface One {
        void tell(long item);
    }

    private interface UpTo {
        void tell(long item, LongStream all);
    }

    private int each(long[] items, Unsettled unsettled, One one, UpTo to) {
        int settled = 0;
        for (long item : items) {
            if (upTo) {
                long[] all = unsettled.settleUpTo(item);
                settled += all.length;
                if (all.length > 0) {
                    to.tell(all[all.length - 1], LongStream.of(all));
                }
            } else if (unsettled.settle(item)) {
                settled++;
                one.tell(item);
            }
        }
        return settled;
    }

    /** Before any item is settled: a request takes effect as a whole or not at all. */
    private static void check(String field, long[] items, Unsettled unsettled) {
        for (long item : items) {
            unsettled.check(field, item);
        }
    }

    private static long[] numbers(String field, @Nullable JsonArray items) {
        long[] numbers = new long[items == null ? 0 : items.size()];
        for (int i = 0; i < numbers.length; i++) {
            Object item = items == null ? null : items.getValue(i);
            Long number = TypedValues.int64(item);
            if (number == null) {
                throw Failure.BAD_REQUEST.because(
                        field + "[" + i + "]: " + Fields.kind(item) + " (expected: the number of an item)");
            }
            numbers[i] = number;
        }
        return numbers;
    }
}
