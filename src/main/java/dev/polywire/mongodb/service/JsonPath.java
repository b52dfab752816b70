package dev.polywire.mongodb.service;

import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Where in a JSON value we are, such as {@code orders[3].price}; names what is bad. */
final class JsonPath {

    /** A caller's own keys are not worth a longer message. */
    private static final int MAX_CHARS = 200;

    /** Keys and indexes, outermost first. */
    private final Deque<Object> steps = new ArrayDeque<>();

    void enter(String key) {
        steps.addLast(key);
    }

    void enter(int index) {
        steps.addLast(index);
    }

    void leave() {
        steps.removeLast();
    }

    ProtocolException bad(String message) {
        return ProtocolException.decode(this + ": " + message);
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
        if (text.length() > MAX_CHARS) {
            text.setLength(MAX_CHARS);
        }
        return text.isEmpty() ? "document" : text.toString();
    }
}
