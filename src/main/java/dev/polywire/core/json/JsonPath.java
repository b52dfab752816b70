package dev.polywire.core.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The current path in a JSON value, such as {@code orders[3].price}; names the bad value in complaints. */
public class JsonPath {

    /** A longer path would only repeat the caller's own keys. */
    private static final int MAX_CHARS = 200;

    /** Keys and indexes, outermost first. */
    private final Deque<Object> steps = new ArrayDeque<>();

    public void enter(String key) {
        steps.addLast(key);
    }

    public void enter(int index) {
        steps.addLast(index);
    }

    public void leave() {
        steps.removeLast();
    }

    /** A complaint about the value at this path. */
    public final FieldException bad(@Nullable String what) {
        return new FieldException(toString(), String.valueOf(what));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Iterator<Object> i = steps.iterator(); i.hasNext() && text.length() <= MAX_CHARS; ) {
            Object step = i.next();
            if (step instanceof Integer) {
                text.append('[').append(step).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step);
            }
        }
        text.setLength(Math.min(text.length(), MAX_CHARS));
        return text.toString();
    }
}
