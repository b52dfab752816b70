package dev.polywire.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    OpenHandles(int max) {
        this.max = max;
    }

    /** @return false: the limit is reached, and the handle is not kept */
    boolean opened(Handle handle) {
        if (ended.size() >= max && !forgetEnded()) {
            return false;
        }
        ended.put(handle, false);
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
    }

    /** Removes all. @return the handles removed */
    List<Handle> removeAll() {
        List<Handle> all = List.copyOf(ended.keySet());
        ended.clear();
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
                ended.remove(each.getKey());
                return true;
            }
        }
        return false;
    }
}
