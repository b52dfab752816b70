package dev.polywire.testing;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What holders of bytes say they hold, beside the heap after a collection. For programs of a {@link SmallJvm}. */
public final class HeldHeap {

    private static final int HOLDERS = 40;

    private HeldHeap() {}

    /**
     * @param holder one that holds 64 KiB to 500 KiB, so that its own fields do not count
     * @throws IllegalStateException when they differ by more than 20 %
     */
    public static <T> void require(String name, Supplier<T> holder, ToLongFunction<T> heldBytes) {
        if (heldBytes.applyAsLong(holder.get()) < 64 * 1024) {
            throw new IllegalArgumentException(name + ": holds too little");
        }
        List<T> holders = new ArrayList<>();
        long before = usedBytes();
        for (int i = 0; i < HOLDERS; i++) {
            holders.add(holder.get());
        }
        long really = usedBytes() - before;
        long said = holders.stream().mapToLong(heldBytes).sum();
        String both = name + ": says " + said + ", holds " + really + " bytes";
        System.out.println(both);
        if (Math.abs(really - said) > said / 5) {
            throw new IllegalStateException(both);
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
