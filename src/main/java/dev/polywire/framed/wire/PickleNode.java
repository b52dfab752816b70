package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, tuple, set or dictionary while a pickle is read. It counts its cost with every reference followed, so references
 * to references cannot hide the total size. Once it is referred to, it never changes, so nothing contains itself.
 */
final class PickleNode {

    enum Type {
        LIST,
        TUPLE,
        SET,
        DICT
    }

    final Type type;
    private final List<@Nullable Object> items = new ArrayList<>(0);
    private final @Nullable DictBuilder entries;
    private boolean hashable;
    private boolean referredTo;
    private long costBytes;
    private int depth = 1;

    PickleNode(Type type) {
        this.type = type;
        this.entries = type == Type.DICT ? new DictBuilder() : null;
        this.hashable = type == Type.TUPLE;
        this.costBytes = type == Type.LIST ? ValueBudget.LIST_BYTES : ValueBudget.OBJECT_BYTES;
    }

    /** Its cost so far, with all its contents. */
    long costBytes() {
        return costBytes;
    }

    /** Makes it unchangeable from now on. */
    void refer() {
        referredTo = true;
    }

    void add(@Nullable Object child) {
        open();
        if (type == Type.SET) {
            requireHashable("set", child);
        }
        items.add(taken(child));
    }

    void put(@Nullable Object key, @Nullable Object child) {
        open();
        requireHashable("dict", key);
        costBytes += ValueBudget.ENTRY_BYTES;
        if (entries != null && !entries.put(taken(key), taken(child))) {
            throw ProtocolException.decode("dict: a key twice (expected: once)");
        }
    }

    /** The plain value of an entry of the stack. */
    static @Nullable Object plain(@Nullable Object onStack) {
        return onStack instanceof PickleNode node ? node.value() : onStack;
    }

    private Object value() {
        return switch (type) {
            case LIST -> items;
            case TUPLE -> new Tuple(items);
            case SET -> new Distinct(items);
            case DICT -> entries == null ? items : entries.value();
        };
    }

    private void open() {
        if (referredTo) {
            throw ProtocolException.decode("a container that grows after something refers to it (expected: no cycles)");
        }
    }

    private @Nullable Object taken(@Nullable Object child) {
        if (child instanceof PickleNode node) {
            costBytes += node.costBytes;
            depth = Math.max(depth, node.depth + 1);
            if (depth > PickleCodec.MAX_DEPTH) {
                throw ProtocolException.decode("nesting: deeper than " + PickleCodec.MAX_DEPTH + " levels");
            }
        } else {
            costBytes += ValueBudget.costBytes(child);
        }
        hashable &= isHashable(child);
        return plain(child);
    }

    private static void requireHashable(String where, @Nullable Object onStack) {
        if (!isHashable(onStack)) {
            throw ProtocolException.decode(where + ": a key that can change (expected: a hashable value)");
        }
    }

    private static boolean isHashable(@Nullable Object onStack) {
        return !(onStack instanceof PickleNode node) || node.hashable;
    }
}
