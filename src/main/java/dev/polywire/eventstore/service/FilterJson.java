package dev.polywire.eventstore.service;

import dev.polywire.core.json.Fields;
import dev.polywire.eventstore.wire.Filter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of all events are wanted: one of
 *
 * <pre>
 *   {"eventTypeRegex": "^pony"}     {"eventTypePrefixes": ["pony-", "horse-"]}
 *   {"streamIdRegex": "^pony"}      {"streamIdPrefixes": ["pony-"]}
 * </pre>
 *
 * <p>Expressions are the server's, .NET's. Since 20.6.
 */
final class FilterJson {

    private static final int MAX_PREFIXES = 1_000;

    private FilterJson() {}

    /** {@code filter}; null: there is none. */
    static @Nullable Filter read(Fields options) {
        if (!options.has("filter")) {
            return null;
        }
        Fields json = options.object("filter");
        List<Filter> said = new ArrayList<>();
        read(json, "eventType", Filter.Context.EVENT_TYPE, said);
        read(json, "streamId", Filter.Context.STREAM_ID, said);
        json.done();
        if (said.size() != 1) {
            throw options.complaint(
                    "filter",
                    said.size() + " conditions (expected: one of eventTypeRegex, eventTypePrefixes, streamIdRegex"
                            + " and streamIdPrefixes)");
        }
        return said.get(0);
    }

    private static void read(Fields json, String of, Filter.Context context, List<Filter> said) {
        String regex = json.textOrNull(of + "Regex");
        if (regex != null) {
            said.add(new Filter(context, Filter.Type.REGEX, List.of(regex)));
        }
        String name = of + "Prefixes";
        if (json.has(name)) {
            List<String> prefixes = json.texts(name);
            if (prefixes.isEmpty() || prefixes.size() > MAX_PREFIXES) {
                throw json.complaint(name, prefixes.size() + " (expected: 1 to " + MAX_PREFIXES + ")");
            }
            said.add(new Filter(context, Filter.Type.PREFIX, prefixes));
        }
    }
}
