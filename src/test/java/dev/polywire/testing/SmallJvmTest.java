package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that breaks a rule is found out, one that does not is not. */
class SmallJvmTest {

    static final class Program {

        public static void main(String[] arguments) {
            switch (arguments[0]) {
                case "memory" -> allocate();
                case "swallowed-memory" -> swallowed(Program::allocate);
                case "swallowed-stack" -> swallowed(() -> deeper(0));
                case "bad" -> System.exit(7);
                default -> System.out.println(heapBytes() / (1024 * 1024) + " MB");
            }
        }

        /** All of it: {@code maxMemory} leaves out what the collector keeps free. */
        private static long heapBytes() {
            return Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("MaxHeapSize")
                    .getValue());
        }

        private static void allocate() {
            List<byte[]> kept = new ArrayList<>();
            while (kept.size() < 1_000) {
                kept.add(new byte[1024 * 1024]);
            }
        }

        private static void swallowed(Runnable run) {
            try {
                run.run();
            } catch (Error logged) {
                System.out.println(logged);
            }
        }

        private static int deeper(int depth) {
            return deeper(depth + 1) + 1;
        }
    }

    @Test
    void goodProgram() {
        assertEquals(
                SmallJvm.HEAP_MEGABYTES + " MB",
                SmallJvm.run(Program.class, "good").requireClean().output().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "swallowed-memory", "swallowed-stack", "bad"})
    void badProgram(String fault) {
        SmallJvm.End end = SmallJvm.run(Program.class, fault);
        assertThrows(AssertionError.class, end::requireClean);
    }
}
