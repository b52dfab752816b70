package dev.polywire.eventstore.store;

import dev.polywire.eventstore.store.PatternProgram.Fit;
import dev.polywire.eventstore.store.PatternProgram.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads the regular expressions of a {@link LinearPattern}. No failure repeats one. */
final class PatternParser {

    private static final int MAX_CHARACTERS = 1_000;
    /** Groups in each other. */
    private static final int MAX_DEPTH = 50;
    /** Of one part; more would not fit into a program. */
    private static final int MAX_REPEATS = PatternProgram.MAX_STEPS;

    private static final int UNBOUNDED = -1;

    private final String expression;
    private int at;
    private int depth;

    PatternParser(String expression) {
        if (expression.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "expression: " + expression.length() + " characters (expected: <= " + MAX_CHARACTERS + ")");
        }
        this.expression = expression;
    }

    Part parse() {
        Part whole = choice();
        if (at < expression.length()) {
            throw bad("')' without '('");
        }
        return whole;
    }

    private Part choice() {
        List<Part> ways = new ArrayList<>(List.of(sequence()));
        while (take('|')) {
            ways.add(sequence());
        }
        return program -> {
            List<Integer> ends = new ArrayList<>();
            for (Part way : ways.subList(0, ways.size() - 1)) {
                int fork = program.reserve();
                way.emit(program);
                ends.add(program.reserve());
                program.go(fork, fork + 1, program.size());
            }
            ways.get(ways.size() - 1).emit(program);
            ends.forEach(end -> program.go(end, program.size(), program.size()));
        };
    }

    private Part sequence() {
        List<Part> parts = new ArrayList<>();
        while (at < expression.length() && peek() != '|' && peek() != ')') {
            parts.add(repeated(one()));
        }
        return program -> parts.forEach(part -> part.emit(program));
    }

    private Part one() {
        char c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> reading(PatternBrackets.read(this));
            case '.' -> reading(any -> any != '\n');
            case '^' -> program -> program.look((text, place) -> place == 0);
            case '$' -> PatternParser::lookForEnd;
            case '*', '+', '?' -> throw bad("'" + c + "' behind nothing");
            case '\\' -> escaped();
            default -> reading(is -> is == c);
        };
    }

    private static Part reading(Fit fit) {
        return program -> program.read(fit);
    }

    /** Also before a line feed that is the last character. */
    private static void lookForEnd(PatternProgram program) {
        program.look(
                (text, place) -> place == text.length() || place == text.length() - 1 && text.charAt(place) == '\n');
    }

    private Part group() {
        if (++depth > MAX_DEPTH) {
            throw bad("groups in each other (expected: <= " + MAX_DEPTH + ")");
        }
        if (take('?')) {
            boolean named = take('<');
            if (named ? peek() == '=' || peek() == '!' : !take(':')) {
                throw bad("'(?' with more than ':' or a name");
            }
            while (named && next() != '>') {}
        }
        Part inside = choice();
        if (!take(')')) {
            throw bad("'(' without ')'");
        }
        depth--;
        return inside;
    }

    private Part escaped() {
        char c = next();
        switch (c) {
            case 'A':
                return program -> program.look((text, place) -> place == 0);
            case 'z':
                return program -> program.look((text, place) -> place == text.length());
            case 'Z':
                return PatternParser::lookForEnd;
            case 'b':
                return program -> program.look(PatternParser::isEdge);
            case 'B':
                return program -> program.look((text, place) -> !isEdge(text, place));
            default:
                return reading(escapedFit(c));
        }
    }

    private static boolean isEdge(String text, int place) {
        boolean before = place > 0 && isWord(text.charAt(place - 1));
        boolean behind = place < text.length() && isWord(text.charAt(place));
        return before != behind;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    /** What {@code \c} stands for, in brackets or not. */
    Fit escapedFit(char c) {
        return switch (c) {
            case 'd' -> Character::isDigit;
            case 'D' -> is -> !Character.isDigit(is);
            case 'w' -> PatternParser::isWord;
            case 'W' -> is -> !isWord(is);
            case 's' -> PatternParser::isSpace;
            case 'S' -> is -> !isSpace(is);
            default -> {
                char literal = literal(c);
                yield is -> is == literal;
            }
        };
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** The character that {@code \c} is. */
    char literal(char c) {
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> '\u000b';
            case 'a' -> '\u0007';
            case 'e' -> '\u001b';
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw bad("'\\' before a letter or digit that means nothing here");
                }
                yield c;
            }
        };
    }

    private char hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw bad("no " + digits + " digits of hex");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private Part repeated(Part part) {
        int from = at;
        int least = 0;
        int most = UNBOUNDED;
        if (take('+')) {
            least = 1;
        } else if (take('?')) {
            most = 1;
        } else if (!take('*')) {
            if (!take('{')) {
                return part;
            }
            least = number();
            most = take(',') ? (peekIs('}') ? UNBOUNDED : number()) : least;
            if (least < 0 || most < UNBOUNDED || !take('}')) {
                // Braces without numbers are signs like others.
                at = from;
                return part;
            }
        }
        take('?');
        if (peekIs('*') || peekIs('+') || peekIs('?')) {
            throw bad("a repetition of a repetition without a group");
        }
        if (most != UNBOUNDED && most < least) {
            throw bad("a repetition whose most is below its least");
        }
        return repeated(part, least, most);
    }

    private static Part repeated(Part part, int least, int most) {
        return program -> {
            for (int i = 0; i < least; i++) {
                int before = program.size();
                part.emit(program);
                if (program.size() == before) {
                    // Nothing, as often as you like.
                    return;
                }
            }
            if (most == UNBOUNDED) {
                int fork = program.reserve();
                part.emit(program);
                int back = program.reserve();
                program.go(back, fork, fork);
                program.go(fork, fork + 1, program.size());
            }
            List<Integer> forks = new ArrayList<>();
            for (int i = least; i < most; i++) {
                forks.add(program.reserve());
                part.emit(program);
            }
            forks.forEach(fork -> program.go(fork, fork + 1, program.size()));
        };
    }

    /** Below {@link #UNBOUNDED}: there is none. */
    private int number() {
        int from = at;
        int value = 0;
        while (at < expression.length() && peek() >= '0' && peek() <= '9') {
            value = Math.min(value * 10 + next() - '0', MAX_REPEATS + 1);
        }
        if (value > MAX_REPEATS) {
            throw bad("a repetition of more (expected: <= " + MAX_REPEATS + ")");
        }
        return at == from ? UNBOUNDED - 1 : value;
    }

    // ---- characters

    char next() {
        if (at == expression.length()) {
            throw bad("its end in the middle of something");
        }
        return expression.charAt(at++);
    }

    char peek() {
        if (at == expression.length()) {
            throw bad("its end in the middle of something");
        }
        return expression.charAt(at);
    }

    boolean peekIs(char c) {
        return at < expression.length() && expression.charAt(at) == c;
    }

    boolean take(char c) {
        boolean is = peekIs(c);
        at += is ? 1 : 0;
        return is;
    }

    IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("expression: " + what + " at " + at);
    }
}
