package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.request.RequestTable;
import dev.polywire.core.bus.request.ServiceAddress;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.json.Fields;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a binding sends items to an address.
 *
 * @param address where each item is sent, as a request: no reserved one, and none at or below {@code polywire}, since a
 *     connector expects actions
 * @param prefetch requests without an answer, 1 to 10,000, default 64: enough to hide the delay of a hop, and no more than
 *     a consumer answers in a moment. The order is strict with 1 only
 * @param timeoutMillis how long a consumer may take to answer, 1 to 86,400,000, default 30,000, the default of the bus
 * @param onTimeout what happens to an item whose consumer did not answer in time, default {@code requeueOnce}
 */
public record BindingOptions(String address, int prefetch, long timeoutMillis, OnTimeout onTimeout) {

    public static final int DEFAULT_PREFETCH = 64;

    public static final long DEFAULT_TIMEOUT_MILLIS = 30_000;

    /** What happens to an item that may have crashed its consumer. */
    public enum OnTimeout {
        /** The item is sent again, once; the next time it is rejected. */
        REQUEUE_ONCE("requeueOnce"),
        REQUEUE("requeue"),
        REJECT("reject");

        private final String word;

        OnTimeout(String word) {
            this.word = word;
        }

        private static OnTimeout of(Fields json) {
            List<String> words = Stream.of(values()).map(OnTimeout::toString).toList();
            return values()[words.indexOf(json.word("onTimeout", REQUEUE_ONCE.word, words))];
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Reads a connector's field {@code bindings}. */
    public static List<BindingOptions> listed(Fields connector) {
        return connector.objects("bindings").stream()
                .map(each -> of(each.text("address"), each))
                .toList();
    }

    /** Reads the options of the action {@code bind}, or the remaining fields of a larger object. */
    public static BindingOptions of(String address, Fields options) {
        return of(address, options, DEFAULT_TIMEOUT_MILLIS);
    }

    /** The same with another default. @param timeoutMillis 1 to {@link RequestTable#MAX_DEADLINE_MILLIS} */
    public static BindingOptions of(String address, Fields json, long timeoutMillis) {
        if (address.isEmpty() || NodeWatch.isReserved(address) || ServiceAddress.isOurs(address)) {
            throw json.complaint(
                    "address", "empty, reserved, or at or below polywire (expected: an address that consumers have)");
        }
        BindingOptions options = new BindingOptions(
                address,
                json.int32("prefetch", DEFAULT_PREFETCH, 1, 10_000),
                json.int64("timeoutMillis", timeoutMillis, 1, RequestTable.MAX_DEADLINE_MILLIS),
                OnTimeout.of(json));
        json.done();
        return options;
    }
}
