package dev.polywire.eventstore.service;

import dev.polywire.core.bus.binding.BindingOptions;
import dev.polywire.core.json.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group whose events are sent to an address: {@code {streamId, group, address, prefetch, timeoutMillis, onTimeout, text,
 * messageTimeoutMillis}}. Its prefetch is also how many events the server gives it at once.
 *
 * @param messageTimeoutMillis how long the server waits for a settlement; 0: for ever; null: nobody has said
 * @param text whether data that are no JSON are given as text
 */
public record GroupBinding(
        String streamId,
        String group,
        BindingOptions options,
        boolean text,
        @Nullable Integer messageTimeoutMillis) {

    /** That of a group whose settings do not say. */
    private static final int MESSAGE_TIMEOUT_MILLIS = 30_000;

    /** Before a message timeout an event must be settled or back. */
    private static final int SPARE_MILLIS = 5_000;

    /** Reads the field {@code bindings} of a connector. */
    static List<GroupBinding> listed(Fields connector) {
        return connector.objects("bindings").stream()
                .map(each -> of(each.text("streamId"), each.text("group"), each.text("address"), each, null))
                .toList();
    }

    /** @param known the group's message timeout, if it was created here, or null. @param json the other fields of it */
    static GroupBinding of(String streamId, String group, String address, Fields json, @Nullable Integer known) {
        boolean text = ReadOptions.text(json);
        Integer timeoutMillis = json.has("messageTimeoutMillis")
                ? (Integer) json.int32("messageTimeoutMillis", 0, Integer.MAX_VALUE)
                : known;
        return new GroupBinding(
                streamId, group, BindingOptions.of(address, json, bindingMillis(timeoutMillis)), text, timeoutMillis);
    }

    /** How long it may keep an event that nobody works on; {@link Long#MAX_VALUE}: for ever, as far as it knows. */
    long mayKeepMillis() {
        return messageTimeoutMillis == null || messageTimeoutMillis == 0
                ? Long.MAX_VALUE
                : before(messageTimeoutMillis);
    }

    /** How long a binding waits for an answer: less than the server, which gives a late one to two consumers. */
    private static long bindingMillis(@Nullable Integer messageTimeoutMillis) {
        int said = messageTimeoutMillis == null ? MESSAGE_TIMEOUT_MILLIS : messageTimeoutMillis;
        return said == 0 ? BindingOptions.DEFAULT_TIMEOUT_MILLIS : Math.max(1, before(said));
    }

    private static long before(int messageTimeoutMillis) {
        return messageTimeoutMillis - Math.min(SPARE_MILLIS, messageTimeoutMillis / 2);
    }
}
