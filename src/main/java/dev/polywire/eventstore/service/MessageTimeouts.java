package dev.polywire.eventstore.service;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The message timeouts of the groups that were created or updated here, the newest {@value #MAX_GROUPS}: no server tells them. */
final class MessageTimeouts {

    private static final int MAX_GROUPS = 1_000;

    private record Group(String streamId, String group) {}

    private final Map<Group, Integer> millis = new LinkedHashMap<>();

    void known(String streamId, String group, int timeoutMillis) {
        forget(streamId, group);
        millis.put(new Group(streamId, group), timeoutMillis);
        if (millis.size() > MAX_GROUPS) {
            millis.remove(millis.keySet().iterator().next());
        }
    }

    void forget(String streamId, String group) {
        millis.remove(new Group(streamId, group));
    }

    /** 0: none; null: not known. */
    @Nullable
    Integer of(String streamId, String group) {
        return millis.get(new Group(streamId, group));
    }
}
