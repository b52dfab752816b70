package dev.polywire.eventstore.store;

import dev.polywire.eventstore.store.PatternProgram.Fit;
import java.util.ArrayList;
import java.util.List;

/** Reads a set of characters of a regular expression: {@code [^a-z\d_]}. */
final class PatternBrackets {

    private PatternBrackets() {}

    /** Behind the opening bracket, to the closing one. */
    static Fit read(PatternParser in) {
        boolean others = in.take('^');
        List<Fit> fits = new ArrayList<>();
        // A closing bracket in the first place is a sign like others.
        do {
            fits.add(member(in));
        } while (!in.take(']'));
        return c -> others != isAny(fits, c);
    }

    private static boolean isAny(List<Fit> fits, char c) {
        for (Fit each : fits) {
            if (each.of(c)) {
                return true;
            }
        }
        return false;
    }

    private static Fit member(PatternParser in) {
        char first = in.next();
        if (first == '[' && in.peekIs(':') || first == '-' && in.peekIs('[')) {
            throw in.bad("a set in a set");
        }
        if (first == '\\') {
            char escaped = in.next();
            if ("dDwWsS".indexOf(escaped) >= 0) {
                return in.escapedFit(escaped);
            }
            first = escaped == 'b' ? '\b' : in.literal(escaped);
        }
        char from = first;
        if (!in.peekIs('-')) {
            return c -> c == from;
        }
        in.take('-');
        if (in.peekIs(']')) {
            return c -> c == from || c == '-';
        }
        char to = in.next();
        if (to == '[') {
            throw in.bad("a set in a set");
        }
        to = to == '\\' ? in.literal(in.next()) : to;
        char until = to;
        if (until < from) {
            throw in.bad("a range that ends before it begins");
        }
        return c -> c >= from && c <= until;
    }
}
