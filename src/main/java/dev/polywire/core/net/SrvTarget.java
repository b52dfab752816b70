package dev.polywire.core.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where a service is, as the DNS says (RFC 2782).
 *
 * @param priority 0 to 65,535; the lowest is tried first
 * @param weight 0 to 65,535; its share among those of one priority
 * @param port 0 to 65,535
 * @param host a name, without a dot at its end
 */
public record SrvTarget(int priority, int weight, int port, String host) {

    /**
     * The order in which they are tried: by priority; and those of one priority by chance, each with the probability of its
     * weight among those that are left.
     */
    public static List<SrvTarget> inOrder(Collection<SrvTarget> targets, RandomGenerator random) {
        List<SrvTarget> left = new ArrayList<>(targets);
        // Those without weight come first, as the RFC demands: they are chosen only by the number 0.
        left.sort(Comparator.comparingInt(SrvTarget::priority).thenComparing(each -> each.weight > 0));
        List<SrvTarget> order = new ArrayList<>();
        while (!left.isEmpty()) {
            int priority = left.get(0).priority;
            long sum = left.stream()
                    .filter(each -> each.priority == priority)
                    .mapToLong(SrvTarget::weight)
                    .sum();
            long chosen = random.nextLong(sum + 1);
            int at = 0;
            for (chosen -= left.get(0).weight; chosen > 0; chosen -= left.get(at).weight) {
                at++;
            }
            order.add(left.remove(at));
        }
        return order;
    }
}
