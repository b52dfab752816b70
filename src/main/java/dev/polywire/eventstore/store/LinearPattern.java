package dev.polywire.eventstore.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A regular expression of a client. All its ways through a text are followed at once, so that the time is bounded by the lengths of
 * both, whatever they are; an engine that goes back and tries again, as Java's does, can be held up for years by twenty characters.
 */
final class LinearPattern {

    /** Longer names fit nothing. */
    static final int MAX_TEXT = 1_024;

    private enum Kind {
        CHARACTER,
        SPLIT,
        JUMP,
        ASSERTION,
        MATCH
    }

    /** What holds between two characters. */
    interface Assertion {
        boolean holds(String text, int at);
    }

    /** @param x where to go on; of a split, {@code y} is the other way */
    private record Step(Kind kind, IntPredicate character, Assertion assertion, int x, int y) {}

    /** A program in the making. */
    static final class Code {

        private final List<Step> steps = new ArrayList<>();
        private int charged;

        /** Repetitions of nothing take time, too. @throws IllegalArgumentException when the expression is too large */
        void charge() {
            if (++charged > MAX_STEPS) {
                throw new IllegalArgumentException("regular expression: too large (expected: <= " + MAX_STEPS + " steps)");
            }
        }

        private int add(Kind kind, IntPredicate character, Assertion assertion, int x, int y) {
            charge();
            steps.add(new Step(kind, character, assertion, x, y));
            return steps.size() - 1;
        }

        int next() {
            return steps.size();
        }

        void character(IntPredicate character) {
            add(Kind.CHARACTER, character, NEVER, next() + 1, 0);
        }

        void assertion(Assertion assertion) {
            add(Kind.ASSERTION, NO_CHARACTER, assertion, next() + 1, 0);
        }

        /** Its other way is set later. @return its place */
        int split() {
            return add(Kind.SPLIT, NO_CHARACTER, NEVER, next() + 1, 0);
        }

        /** Where it goes is set later. @return its place */
        int jump() {
            return add(Kind.JUMP, NO_CHARACTER, NEVER, 0, 0);
        }

        void jump(int to) {
            add(Kind.JUMP, NO_CHARACTER, NEVER, to, 0);
        }

        /** The split or jump at a place leads to the next step. */
        void land(int place) {
            Step step = steps.get(place);
            steps.set(
                    place,
                    step.kind == Kind.SPLIT
                            ? new Step(Kind.SPLIT, NO_CHARACTER, NEVER, step.x, next())
                            : new Step(Kind.JUMP, NO_CHARACTER, NEVER, next(), 0));
        }
    }

    private static final int MAX_STEPS = 500;
    private static final IntPredicate NO_CHARACTER = character -> false;
    private static final Assertion NEVER = (text, at) -> false;

    private final Step[] steps;

    private LinearPattern(Code code) {
        code.add(Kind.MATCH, NO_CHARACTER, NEVER, 0, 0);
        this.steps = code.steps.toArray(Step[]::new);
    }

    /** @throws IllegalArgumentException when it is malformed, too large, or needs what this engine has not */
    static LinearPattern compile(String expression) {
        Code code = new Code();
        new PatternParser(expression).parse().emit(code);
        return new LinearPattern(code);
    }

    /** How long {@link #find} takes at most, in steps. */
    long cost(String text) {
        return text.length() > MAX_TEXT ? 1 : (text.length() + 1L) * steps.length;
    }

    /** Whether it fits somewhere in a text. */
    boolean find(String text) {
        return text.length() <= MAX_TEXT && new Run(text).find();
    }

    /** All ways at once. */
    private final class Run {

        private final String text;
        private final int[] seen = new int[steps.length];
        private final int[] waiting = new int[2 * steps.length + 2];
        private int[] here = new int[steps.length];
        private int count;
        private boolean matched;

        Run(String text) {
            this.text = text;
            Arrays.fill(seen, -1);
        }

        boolean find() {
            int[] before = new int[steps.length];
            for (int at = 0; at <= text.length(); at++) {
                int[] these = here;
                int those = count;
                here = before;
                count = 0;
                for (int i = 0; i < those; i++) {
                    Step step = steps[these[i]];
                    if (step.character.test(text.charAt(at - 1))) {
                        follow(step.x, at);
                    }
                }
                follow(0, at);
                if (matched) {
                    return true;
                }
                before = these;
            }
            return false;
        }

        /** To all steps that want a character next. */
        private void follow(int start, int at) {
            int depth = 0;
            waiting[depth++] = start;
            while (depth > 0) {
                int place = waiting[--depth];
                if (seen[place] == at) {
                    continue;
                }
                seen[place] = at;
                Step step = steps[place];
                switch (step.kind) {
                    case CHARACTER -> here[count++] = place;
                    case SPLIT -> {
                        waiting[depth++] = step.y;
                        waiting[depth++] = step.x;
                    }
                    case JUMP -> waiting[depth++] = step.x;
                    case ASSERTION -> {
                        if (step.assertion.holds(text, at)) {
                            waiting[depth++] = step.x;
                        }
                    }
                    case MATCH -> matched = true;
                }
            }
        }
    }
}
