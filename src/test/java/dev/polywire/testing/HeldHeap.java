package dev.polywire.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What holders of bytes say they hold, beside the heap after a collection. For programs of a {@link SmallJvm}. */
public final class HeldHeap {

    /** A quarter of the heap: what else is in it, left by the programs before, is little beside that. */
    private static final long TOGETHER_BYTES = 16L * 1024 * 1024;

    private HeldHeap() {}

    /**
     * @param holder one that holds 64 KiB to 500 KiB, so that its own fields do not count
     * @throws IllegalStateException when they differ by more than 20 %
     */
    public static <T> void require(String name, Supplier<T> holder, ToLongFunction<T> heldBytes) {
        long one = heldBytes.applyAsLong(holder.get());
        if (one < 64 * 1024) {
            throw new IllegalArgumentException(name + ": holds too little");
        }
        List<T> holders = new ArrayList<>();
        long before = Heap.usedBytes();
        for (long i = TOGETHER_BYTES / one; i > 0; i--) {
            holders.add(holder.get());
        }
        long really = Heap.usedBytes() - before;
        long said = holders.stream().mapToLong(heldBytes).sum();
        String both = name + ": says " + said + ", holds " + really + " bytes";
        System.out.println(both);
        if (Math.abs(really - said) > said / 5) {
            throw new IllegalStateException(both);
        }
    }
}
