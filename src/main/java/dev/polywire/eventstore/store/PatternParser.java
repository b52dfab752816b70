package dev.polywire.eventstore.store;

import dev.polywire.eventstore.store.LinearPattern.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Reads a regular expression as .NET writes it: literals, classes, {@code . ^ $ \A \z \Z \b \B \d \w \s}, groups, alternatives and
 * repetitions. What cannot be followed in linear time, or is not needed for names, is refused: references back, looking ahead and
 * behind, categories, options.
 */
final class PatternParser {

    /** A part of an expression. */
    interface Node {
        void emit(Code code);
    }

    private static final int MAX_DEPTH = 50;
    private static final int MAX_REPETITIONS = 1_000;
    private static final int WITHOUT_END = -1;
    private static final String QUANTIFIERS = "*+?";

    private static final IntPredicate DIGIT = Character::isDigit;
    private static final IntPredicate SPACE = each -> Character.isWhitespace(each) || Character.isSpaceChar(each);
    private static final IntPredicate WORD = each -> Character.isLetterOrDigit(each)
            || Character.getType(each) == Character.CONNECTOR_PUNCTUATION
            || Character.getType(each) == Character.NON_SPACING_MARK;

    private final String expression;
    private int at;
    private int depth;

    PatternParser(String expression) {
        this.expression = expression;
    }

    /** @throws IllegalArgumentException when it is none */
    Node parse() {
        Node all = alternatives();
        if (at < expression.length()) {
            throw bad("a closing bracket too many");
        }
        return all;
    }

    private Node alternatives() {
        if (++depth > MAX_DEPTH) {
            throw bad("nested deeper than " + MAX_DEPTH);
        }
        List<Node> all = new ArrayList<>();
        all.add(sequence());
        while (accept('|')) {
            all.add(sequence());
        }
        depth--;
        return code -> emit(code, all);
    }

    private static void emit(Code code, List<Node> alternatives) {
        List<Integer> ends = new ArrayList<>();
        for (Node each : alternatives.subList(0, alternatives.size() - 1)) {
            int other = code.split();
            each.emit(code);
            ends.add(code.jump());
            code.land(other);
        }
        alternatives.get(alternatives.size() - 1).emit(code);
        ends.forEach(code::land);
    }

    private Node sequence() {
        List<Node> all = new ArrayList<>();
        while (at < expression.length() && peek() != '|' && peek() != ')') {
            all.add(repeated(atom()));
        }
        return code -> all.forEach(each -> each.emit(code));
    }

    private Node repeated(Node node) {
        if (at == expression.length()) {
            return node;
        }
        int least;
        int most = WITHOUT_END;
        if (accept('*')) {
            least = 0;
        } else if (accept('+')) {
            least = 1;
        } else if (accept('?')) {
            least = 0;
            most = 1;
        } else if (isCount()) {
            at++;
            least = number();
            most = accept(',') ? (peek() == '}' ? WITHOUT_END : number()) : least;
            expect('}');
        } else {
            return node;
        }
        accept('?');
        if (most != WITHOUT_END && most < least || at < expression.length() && isQuantifier()) {
            throw bad("a repetition that is none");
        }
        int last = most;
        return code -> emit(code, node, least, last);
    }

    private static void emit(Code code, Node node, int least, int most) {
        for (int i = 0; i < least; i++) {
            code.charge();
            node.emit(code);
        }
        if (most == WITHOUT_END) {
            int again = code.split();
            node.emit(code);
            code.jump(again);
            code.land(again);
            return;
        }
        List<Integer> ends = new ArrayList<>();
        for (int i = least; i < most; i++) {
            ends.add(code.split());
            node.emit(code);
        }
        ends.forEach(code::land);
    }

    private boolean isQuantifier() {
        return QUANTIFIERS.indexOf(peek()) >= 0 || isCount();
    }

    /** A brace that counts nothing is a character. */
    private boolean isCount() {
        int i = at;
        if (expression.charAt(i++) != '{') {
            return false;
        }
        int digits = i;
        while (i < expression.length() && isDigit(expression.charAt(i))) {
            i++;
        }
        if (i == digits || i == expression.length()) {
            return false;
        }
        if (expression.charAt(i) == ',') {
            i++;
            while (i < expression.length() && isDigit(expression.charAt(i))) {
                i++;
            }
        }
        return i < expression.length() && expression.charAt(i) == '}';
    }

    private int number() {
        int number = 0;
        while (at < expression.length() && isDigit(peek())) {
            number = number * 10 + next() - '0';
            if (number > MAX_REPETITIONS) {
                throw bad("more than " + MAX_REPETITIONS + " repetitions");
            }
        }
        return number;
    }

    private Node atom() {
        char first = next();
        return switch (first) {
            case '(' -> group();
            case '[' -> character(characterClass());
            case '.' -> character(each -> each != '\n');
            case '^' -> code -> code.assertion((text, place) -> place == 0);
            case '$' -> code -> code.assertion(PatternParser::isLast);
            case '\\' -> escape();
            case '*', '+', '?' -> throw bad("a repetition of nothing");
            default -> character(each -> each == first);
        };
    }

    private static Node character(IntPredicate fits) {
        return code -> code.character(fits);
    }

    private static boolean isLast(String text, int place) {
        return place == text.length() || place == text.length() - 1 && text.charAt(place) == '\n';
    }

    private static boolean isBoundary(String text, int place) {
        boolean before = place > 0 && WORD.test(text.charAt(place - 1));
        return before != (place < text.length() && WORD.test(text.charAt(place)));
    }

    private Node group() {
        if (accept('?')) {
            if (accept('<')) {
                while (isWordCharacter()) {
                    at++;
                }
                expect('>');
            } else {
                expect(':');
            }
        }
        Node inside = alternatives();
        expect(')');
        return inside;
    }

    /** Of a group's name: what looks behind has none. */
    private boolean isWordCharacter() {
        return at < expression.length() && WORD.test(peek());
    }

    private Node escape() {
        if (at == expression.length()) {
            throw bad("a backslash at the end");
        }
        char next = peek();
        switch (next) {
            case 'A' -> {
                at++;
                return code -> code.assertion((text, place) -> place == 0);
            }
            case 'z' -> {
                at++;
                return code -> code.assertion((text, place) -> place == text.length());
            }
            case 'Z' -> {
                at++;
                return code -> code.assertion(PatternParser::isLast);
            }
            case 'b' -> {
                at++;
                return code -> code.assertion(PatternParser::isBoundary);
            }
            case 'B' -> {
                at++;
                return code -> code.assertion((text, place) -> !isBoundary(text, place));
            }
            default -> {
                return character(escaped());
            }
        }
    }

    /** Behind a backslash. */
    private IntPredicate escaped() {
        char next = next();
        return switch (next) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.negate();
            case 'w' -> WORD;
            case 'W' -> WORD.negate();
            case 's' -> SPACE;
            case 'S' -> SPACE.negate();
            default -> {
                char literal = literal(next);
                yield each -> each == literal;
            }
        };
    }

    private char literal(char escaped) {
        return switch (escaped) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            default -> {
                if (Character.isLetterOrDigit(escaped)) {
                    throw bad("\\" + escaped + ", which is not supported");
                }
                yield escaped;
            }
        };
    }

    private char hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < expression.length() ? Character.digit(next(), 16) : -1;
            if (digit < 0) {
                throw bad("a character's number that is none");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private IntPredicate characterClass() {
        boolean others = accept('^');
        IntPredicate any = each -> false;
        boolean first = true;
        while (first || peekOrEnd() != ']') {
            any = any.or(member());
            first = false;
        }
        at++;
        return others ? any.negate() : any;
    }

    private IntPredicate member() {
        char low = next();
        if (low == '\\' && at < expression.length() && "dDwWsS".indexOf(peek()) >= 0) {
            return escaped();
        }
        if (low == '-' && peekOrEnd() == '[') {
            throw bad("a class without another, which is not supported");
        }
        char from = low == '\\' ? literal(next()) : low;
        if (at + 1 >= expression.length() || peek() != '-' || expression.charAt(at + 1) == ']') {
            return each -> each == from;
        }
        at++;
        char high = next();
        char to = high == '\\' ? literal(next()) : high;
        if (to < from) {
            throw bad("a range from a higher character to a lower one");
        }
        return each -> each >= from && each <= to;
    }

    private char peekOrEnd() {
        if (at == expression.length()) {
            throw bad("a bracket that is not closed");
        }
        return peek();
    }

    private char peek() {
        return expression.charAt(at);
    }

    private char next() {
        char next = peekOrEnd();
        at++;
        return next;
    }

    private boolean accept(char wanted) {
        if (at < expression.length() && peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw bad("no " + wanted + " where one is expected, or something that is not supported");
        }
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }

    private IllegalArgumentException bad(String why) {
        return new IllegalArgumentException("regular expression: " + why + " (at character " + at + ")");
    }
}
