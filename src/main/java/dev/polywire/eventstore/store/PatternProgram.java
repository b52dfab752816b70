package dev.polywire.eventstore.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A regular expression as steps, all of whose ways through a text are gone at the same time: two ways that are at one step are
 * one way.
 */
final class PatternProgram {

    /** Steps of one expression, after repetitions are written out. */
    static final int MAX_STEPS = 1_000;

    /** Whether a character fits. */
    interface Fit {
        boolean of(char c);
    }

    /** Whether a place in a text fits. */
    interface Place {
        boolean of(String text, int at);
    }

    /** A part of an expression. */
    interface Part {
        void emit(PatternProgram program);
    }

    private sealed interface Step {
        /** To the next step, with the next character. */
        record Read(Fit fit) implements Step {}

        /** To the next step, with the same character. */
        record Look(Place place) implements Step {}

        /** To both, with the same character. */
        record Go(int first, int second) implements Step {}

        record Found() implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();

    int size() {
        return steps.size();
    }

    void read(Fit fit) {
        add(new Step.Read(fit));
    }

    void look(Place place) {
        add(new Step.Look(place));
    }

    /** A step that {@link #go} fills in later. @return its number */
    int reserve() {
        return add(new Step.Go(0, 0));
    }

    void go(int step, int first, int second) {
        steps.set(step, new Step.Go(first, second));
    }

    void finish() {
        add(new Step.Found());
    }

    private int add(Step step) {
        if (steps.size() == MAX_STEPS) {
            throw new IllegalArgumentException("expression: more steps (expected: <= " + MAX_STEPS + ")");
        }
        steps.add(step);
        return steps.size() - 1;
    }

    boolean isFoundIn(String text) {
        Ways now = new Ways(steps.size());
        Ways then = new Ways(steps.size());
        for (int at = 0; at <= text.length(); at++) {
            // It may begin anywhere.
            if (now.add(0, text, at)) {
                return true;
            }
            then.clear();
            for (int i = 0; i < now.count && at < text.length(); i++) {
                int step = now.steps[i];
                if (((Step.Read) steps.get(step)).fit.of(text.charAt(at)) && then.add(step + 1, text, at + 1)) {
                    return true;
                }
            }
            Ways empty = now;
            now = then;
            then = empty;
        }
        return false;
    }

    /** The steps that wait for a character, each once. */
    private final class Ways {

        private final int[] steps;
        private final boolean[] seen;
        private final int[] open;
        private int count;

        Ways(int size) {
            this.steps = new int[size];
            this.seen = new boolean[size];
            // Each step is opened once, and opens two.
            this.open = new int[2 * size + 1];
        }

        void clear() {
            count = 0;
            Arrays.fill(seen, false);
        }

        /** @return whether it is found */
        boolean add(int first, String text, int at) {
            int left = 0;
            open[left++] = first;
            while (left > 0) {
                int number = open[--left];
                if (seen[number]) {
                    continue;
                }
                seen[number] = true;
                Step step = PatternProgram.this.steps.get(number);
                if (step instanceof Step.Found) {
                    return true;
                } else if (step instanceof Step.Read) {
                    steps[count++] = number;
                } else if (step instanceof Step.Go go) {
                    open[left++] = go.second;
                    open[left++] = go.first;
                } else if (step instanceof Step.Look look && look.place.of(text, at)) {
                    open[left++] = number + 1;
                }
            }
            return false;
        }
    }
}
