package dev.polywire.app.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word that was probably meant. */
final class Nearest {

    private Nearest() {}

    /** The known word that differs from {@code given} in the fewest characters; none: all differ in more than every third. */
    static Optional<String> to(String given, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(given, word) <= Math.max(1, Math.max(given.length(), word.length()) / 3))
                .min(Comparator.comparingInt((String word) -> distance(given, word))
                        .thenComparing(word -> word));
    }

    /** How many characters have to be added, removed or changed. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
