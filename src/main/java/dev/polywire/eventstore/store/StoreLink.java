package dev.polywire.eventstore.store;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an event of type {@code $>} leads: {@code number@stream}.
 *
 * @param stream null: the event does not say
 * @param number -1: of the last event
 */
record StoreLink(@Nullable String stream, long number) {

    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?\\d{1,19})\\s*");

    /** Null: it is no link. What has no number leads nowhere, and counts as an event like others. */
    static @Nullable StoreLink of(StoredEvent event) {
        if (!event.type().equals(StoredEvent.LINK)) {
            return null;
        }
        String[] parts = event.data().toString(StandardCharsets.UTF_8).split("@", 2);
        Matcher number = NUMBER.matcher(parts[0]);
        if (!number.matches()) {
            return null;
        }
        try {
            return new StoreLink(
                    parts.length == 2 && !parts[1].isEmpty() ? parts[1] : null, Long.parseLong(number.group(1)));
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }
}
