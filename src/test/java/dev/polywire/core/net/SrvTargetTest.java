package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** RFC 2782, "Usage rules" and the description of Weight. */
class SrvTargetTest {

    private final List<Long> bounds = new ArrayList<>();

    /** Gives these numbers, and writes down what it was asked for. */
    private RandomGenerator numbers(long... numbers) {
        Iterator<Long> next = java.util.Arrays.stream(numbers).iterator();
        return new RandomGenerator() {

            @Override
            public long nextLong() {
                throw new AssertionError("without a bound");
            }

            @Override
            public long nextLong(long bound) {
                bounds.add(bound);
                return next.next();
            }
        };
    }

    private static SrvTarget target(String host, int priority, int weight) {
        return new SrvTarget(priority, weight, 1, host);
    }

    private static String hosts(List<SrvTarget> targets) {
        return String.join("", targets.stream().map(SrvTarget::host).toList());
    }

    @Test
    void theLowestPriorityIsFirst() {
        List<SrvTarget> targets = List.of(target("c", 65_535, 9), target("a", 0, 0), target("b", 7, 65_535));
        assertEquals("abc", hosts(SrvTarget.inOrder(targets, new Random(1))));
        assertEquals("", hosts(SrvTarget.inOrder(List.of(), new Random(1))));
    }

    /** The running sums of a, b, c are 10, 40, 100: the first that is not below the number is chosen. */
    @Test
    void theNumberChoosesByTheRunningSum() {
        List<SrvTarget> targets = List.of(target("a", 1, 10), target("b", 1, 30), target("c", 1, 60));
        assertEquals("abc", hosts(SrvTarget.inOrder(targets, numbers(0, 0, 0))));
        assertEquals("abc", hosts(SrvTarget.inOrder(targets, numbers(10, 30, 60))));
        assertEquals("bac", hosts(SrvTarget.inOrder(targets, numbers(11, 10, 0))));
        assertEquals("bca", hosts(SrvTarget.inOrder(targets, numbers(40, 11, 0))));
        assertEquals("cba", hosts(SrvTarget.inOrder(targets, numbers(41, 11, 0))));
        assertEquals("cba", hosts(SrvTarget.inOrder(targets, numbers(100, 40, 10))));
        assertEquals(List.of(101L, 41L, 11L), bounds.subList(bounds.size() - 3, bounds.size()));
    }

    /** "A very small chance": only by the number 0. */
    @Test
    void thoseWithoutWeightComeFirstOnlyByZero() {
        List<SrvTarget> targets = List.of(target("a", 1, 5), target("z", 1, 0), target("y", 1, 0));
        assertEquals("zya", hosts(SrvTarget.inOrder(targets, numbers(0, 0, 0))));
        assertEquals("azy", hosts(SrvTarget.inOrder(targets, numbers(1, 0, 0))));
    }

    @Test
    void sharesAreThoseOfTheWeights() {
        List<SrvTarget> targets = List.of(target("a", 1, 10), target("b", 1, 30), target("c", 1, 60));
        Random random = new Random(20);
        Map<String, Long> first = new TreeMap<>();
        Stream.generate(() -> SrvTarget.inOrder(targets, random).get(0).host())
                .limit(10_000)
                .forEach(host -> first.merge(host, 1L, Long::sum));
        assertEquals(10, Math.round(first.get("a") / 100.0), 2);
        assertEquals(30, Math.round(first.get("b") / 100.0), 2);
        assertEquals(60, Math.round(first.get("c") / 100.0), 2);
    }
}
