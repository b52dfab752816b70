package dev.polywire.bolt.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one side, and how a client offers them in the four slots of the handshake (Bolt specification,
 * handshake), best first:
 *
 * <pre>
 *   00 00 01 ff   the manifest: the server lists its versions, the client picks one
 *   00 08 08 05   5.8 and the 8 minor versions below it
 *   00 00 00 03   3
 *   00 00 00 00   nothing
 * </pre>
 *
 * @param versions best first
 * @param manifest whether the manifest is offered or understood
 */
public record BoltOffer(List<BoltVersion> versions, boolean manifest) {

    static final int MAGIC = 0x6060b017;
    static final int MANIFEST = 0x1ff;
    static final int SLOTS = 4;

    /** All versions of today's servers: 3, 4.2 to 4.4, 5.0 to 5.8, 6.0 and 6.1. */
    public static final BoltOffer DEFAULT = of(BoltVersion.ALL.stream()
            .filter(version -> version.equals(BoltVersion.V3) || version.atLeast(BoltVersion.V4_2))
            .toList());

    /** All implemented versions; more than a client can offer at a time, for servers. */
    public static final BoltOffer ALL = of(BoltVersion.ALL);

    public BoltOffer {
        versions = new TreeSet<>(versions).descendingSet().stream().toList();
        if (versions.isEmpty() || !BoltVersion.ALL.containsAll(versions)) {
            throw new IllegalArgumentException(
                    "versions: " + versions + " (expected: some of " + BoltVersion.ALL + ")");
        }
    }

    /** With the manifest when one of the versions supports it. */
    public static BoltOffer of(List<BoltVersion> versions) {
        return new BoltOffer(versions, versions.stream().anyMatch(BoltVersion::hasGqlStatus));
    }

    /** What a client sends first. */
    Buffer slots() {
        List<Integer> used = used();
        Buffer bytes = Buffer.buffer(4 + 4 * SLOTS).appendInt(MAGIC);
        for (int i = 0; i < SLOTS; i++) {
            bytes.appendInt(i < used.size() ? used.get(i) : 0);
        }
        return bytes;
    }

    /** @throws IllegalArgumentException when the versions need more than four slots */
    List<Integer> used() {
        List<Integer> slots = new ArrayList<>();
        if (manifest) {
            slots.add(MANIFEST);
        }
        // A peer with version 6 understands the manifest.
        ranges(versions.stream()
                        .filter(version -> !manifest || version.major() < 6)
                        .toList())
                .forEach(slots::add);
        if (slots.size() > SLOTS) {
            throw new IllegalArgumentException(
                    "versions: " + versions + " in " + slots.size() + " slots (expected: <= " + SLOTS + ")");
        }
        return slots;
    }

    /** The versions as ranges {@code 00 range minor major}, best first. */
    static List<Integer> ranges(List<BoltVersion> versions) {
        List<Integer> ranges = new ArrayList<>();
        for (int i = 0; i < versions.size(); ) {
            BoltVersion best = versions.get(i);
            BoltVersion last = best;
            while (++i < versions.size() && follows(last, versions.get(i))) {
                last = versions.get(i);
            }
            ranges.add(best.minor() - last.minor() << 16 | best.wire());
        }
        return ranges;
    }

    /** 5.4 comes directly below 5.6. */
    private static boolean follows(BoltVersion version, BoltVersion below) {
        int between = BoltVersion.ALL.indexOf(version) - BoltVersion.ALL.indexOf(below);
        return between == 1 && version.major() == below.major();
    }

    /** The best common version in a range; null: none. A range that goes below 0 ends there. */
    @Nullable
    BoltVersion best(int range) {
        BoltVersion top = BoltVersion.ofWire(range);
        int least = Math.max(0, top.minor() - (range >> 16 & 0xff));
        return versions.stream()
                .filter(ours -> ours.major() == top.major() && ours.minor() <= top.minor() && ours.minor() >= least)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
