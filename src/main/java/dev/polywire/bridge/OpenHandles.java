package dev.polywire.bridge;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The handles that one client opened and has not closed: it may use them, and they are closed when it disconnects. */
final class OpenHandles {

    /** What one takes in memory, with an address and an id as services have them. */
    private static final int HANDLE_BYTES = 320;

    /** @param address of the room @param id of the handle there */
    record Handle(String address, String id) {}

    private final int max;
    /** Whether each has ended; an ended handle is kept only to be closed. */
    private final Map<Handle, Boolean> ended = new LinkedHashMap<>();
    /** Where each of them that is a binding has items sent. */
    private final Map<Handle, String> bound = new HashMap<>();

    OpenHandles(int max) {
        this.max = max;
    }

    /**
     * @param to where a binding has items sent, null for any other handle
     * @return false: the limit is reached, and the handle is not kept
     */
    boolean opened(Handle handle, @Nullable String to) {
        if (ended.size() >= max && !forgetEnded()) {
            return false;
        }
        ended.put(handle, false);
        if (to != null) {
            bound.put(handle, to);
        }
        return true;
    }

    boolean holds(@Nullable Handle handle) {
        return handle != null && ended.containsKey(handle);
    }

    /** The handle has no more items. */
    void ended(Handle handle) {
        ended.replace(handle, true);
    }

    void forget(Handle handle) {
        ended.remove(handle);
        bound.remove(handle);
    }

    /** Removes bindings. @param permitted is asked for the service and the address of each @return the handles removed */
    List<Handle> removeBindings(BiPredicate<String, String> permitted) {
        List<Handle> removed = bound.entrySet().stream()
                .filter(each ->
                        !permitted.test(Permissions.serviceOf(each.getKey().address()), each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        removed.forEach(this::forget);
        return removed;
    }

    /** Removes all. @return the handles removed */
    List<Handle> removeAll() {
        List<Handle> all = List.copyOf(ended.keySet());
        ended.clear();
        bound.clear();
        return all;
    }

    int size() {
        return ended.size();
    }

    long bytes() {
        return (long) HANDLE_BYTES * ended.size();
    }

    private boolean forgetEnded() {
        for (Map.Entry<Handle, Boolean> each : ended.entrySet()) {
            if (each.getValue()) {
                forget(each.getKey());
                return true;
            }
        }
        return false;
    }
}
