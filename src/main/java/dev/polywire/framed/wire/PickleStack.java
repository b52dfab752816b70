package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stack and the memo of a pickle; they hold plain values and {@link PickleNode}s. */
final class PickleStack {

    private final ValueBudget budget;
    private final List<@Nullable Object> items = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();

    PickleStack(ValueBudget budget) {
        this.budget = budget;
    }

    /** Pushes a new value. */
    void push(@Nullable Object value) {
        budget.spend(value instanceof PickleNode node ? node.costBytes() : ValueBudget.costBytes(value));
        items.add(value);
    }

    /** Pushes a container of values taken from the stack. */
    void push(PickleNode.Type type, List<@Nullable Object> children) {
        PickleNode node = new PickleNode(type);
        push(node);
        children.forEach(node::add);
    }

    void mark() {
        budget.spend(ValueBudget.NUMBER_BYTES);
        marks.push(items.size());
    }

    /** Takes the topmost {@code count}, which must be above the last mark. */
    List<@Nullable Object> pop(int count) {
        if (items.size() - count < floor()) {
            throw ProtocolException.decode("stack: too few values (expected: " + count + ")");
        }
        return cut(items.size() - count);
    }

    /** Takes everything above the last mark, and the mark. */
    List<@Nullable Object> popMark() {
        if (marks.isEmpty()) {
            throw ProtocolException.decode("stack: no mark");
        }
        return cut(marks.pop());
    }

    /** Adds to the container on top, which must be of this type. */
    void addAll(PickleNode.Type type, List<@Nullable Object> children) {
        children.forEach(top(type)::add);
    }

    /** Adds keys and values in turn to the dictionary on top. */
    void putAll(List<@Nullable Object> children) {
        PickleNode dict = top(PickleNode.Type.DICT);
        if (children.size() % 2 != 0) {
            throw ProtocolException.decode("dict: a key without a value");
        }
        for (int i = 0; i < children.size(); i += 2) {
            budget.spend(ValueBudget.ENTRY_BYTES);
            dict.put(children.get(i), children.get(i + 1));
        }
    }

    /** Whether the stack is empty. */
    boolean isEmpty() {
        return items.isEmpty() && marks.isEmpty();
    }

    /** Stores the topmost value in the memo. */
    void put(long index) {
        if (!memo.containsKey(index)) {
            budget.spend(ValueBudget.ENTRY_BYTES);
        }
        memo.put(index, top());
    }

    /** Stores the topmost value at the next index of the memo. */
    void memoize() {
        put(memo.size());
    }

    /** Pushes a value of the memo: a reference, which costs as much as its value. */
    void get(long index) {
        Object value = memo.get(index);
        if (value == null && !memo.containsKey(index)) {
            throw ProtocolException.decode("memo: nothing at " + index);
        }
        if (value instanceof PickleNode node) {
            node.refer();
        }
        push(value);
    }

    private PickleNode top(PickleNode.Type type) {
        if (top() instanceof PickleNode node && node.type == type) {
            return node;
        }
        throw ProtocolException.decode("stack: something else on top (expected: " + type + ")");
    }

    private @Nullable Object top() {
        if (items.size() <= floor()) {
            throw ProtocolException.decode("stack: empty");
        }
        return items.get(items.size() - 1);
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.peek();
    }

    private List<@Nullable Object> cut(int from) {
        List<@Nullable Object> tail = items.subList(from, items.size());
        List<@Nullable Object> taken = new ArrayList<>(tail);
        tail.clear();
        return taken;
    }
}
