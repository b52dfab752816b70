package dev.polywire.core.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Where in a JSON value we are, such as {@code orders[3].price}; names what is bad. */
public class JsonPath {

    /** A caller's own keys are not worth a longer message. */
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

    /** The complaint of what is here. */
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
