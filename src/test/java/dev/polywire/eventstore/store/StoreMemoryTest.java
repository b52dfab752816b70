package dev.polywire.eventstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million events of 100 bytes in a JVM of 1 GiB, in one stream and in many; without the library that only filters need. */
class StoreMemoryTest {

    private static final int HEAP_MEGABYTES = 1_024;

    static final class Program {

        private static final int EVENTS = 1_000_000;
        private static final int EVENT_BYTES = 100;
        private static final int SLICE = 4_096;
        /** Of the heap, so that the rest of a program has room, too. */
        private static final long MAX_BYTES = 500L * 1024 * 1024;

        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private final StreamStore store = new StreamStore(() -> 0);

        public static void main(String[] streams) {
            new Program().run(Integer.parseInt(streams[0]));
        }

        private void run(int streams) {
            for (int i = 0; i < EVENTS; i++) {
                // As they come from the wire: nothing of one is the same object in another.
                NewEvent event = new NewEvent(
                        new UUID(streams, i),
                        new String("something-happened".toCharArray()),
                        NewEvent.BINARY,
                        Buffer.buffer(new byte[EVENT_BYTES]),
                        Buffer.buffer());
                store.write("stream-" + i % streams, -2, List.of(event));
            }
            require("last number", store.lastNumber("stream-0"), EVENTS / streams - 1, EVENTS / streams - 1);
            SliceReader reader = new SliceReader(store);
            if (streams == 1) {
                slice(reader, 0);
                require("bytes for the last slice", slice(reader, EVENTS - SLICE), 1, slice(reader, 0) * 12 / 10);
            }
            require(
                    "all events",
                    new AllReader(store)
                            .slice(ReadDirection.BACKWARD, new Position(-1, -1), SLICE)
                            .events()
                            .size(),
                    SLICE,
                    SLICE);
            System.gc();
            require(
                    "heap",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    EVENTS * EVENT_BYTES,
                    MAX_BYTES);
            Reference.reachabilityFence(store);
            filters();
        }

        /** A filter that needs the library says so; one that does not needs it not. */
        private static void filters() {
            EventFilter.of(new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("stream-")));
            try {
                EventFilter.of(new Filter(Filter.Context.STREAM_ID, Filter.Type.REGEX, List.of("stream-")));
                throw new IllegalStateException("RE2 is there");
            } catch (IllegalArgumentException missing) {
                if (!String.valueOf(missing.getMessage()).contains("com.google.re2j:re2j")) {
                    throw missing;
                }
            }
        }

        /** @return what reading has allocated: it goes with what was looked at */
        private static long slice(SliceReader reader, long from) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            require(
                    "events",
                    reader.slice(ReadDirection.FORWARD, "stream-0", from, SLICE)
                            .events()
                            .size(),
                    SLICE,
                    SLICE);
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        }

        private static void require(String what, long value, long least, long most) {
            System.out.println(what + ": " + value);
            if (value < least || value > most) {
                throw new IllegalStateException(what + ": " + value + " (expected: " + least + " to " + most + ")");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000})
    void aMillionEvents(int streams) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MEGABYTES + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(each -> !each.contains("re2j"))
                                .collect(Collectors.joining(File.pathSeparator)),
                        Program.class.getName(),
                        Integer.toString(streams))
                .redirectErrorStream(true)
                .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, program.waitFor(), said);
    }
}
