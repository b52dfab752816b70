package dev.polywire.core.wire;

import dev.polywire.testing.HeldHeap;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What gathers bytes says what it keeps alive. */
class HeldHeapTest {

    static final class Program {

        public static void main(String[] arguments) {
            for (int readBytes : new int[] {700, 1_024, 1_460, 16_384, 65_536}) {
                require("reads of " + readBytes, () -> unfinished(300_000, readBytes));
            }
            require("a remainder of a third", () -> behind(100_000, 50_000));
            require("a small remainder, and a read after it", () -> {
                FrameAccumulator frames = behind(100_000, 1_000);
                frames.append(Buffer.buffer(new byte[65_536]));
                require(frames.nextFrame() == null);
                return frames;
            });
            require("reads that nobody asked for", () -> {
                FrameAccumulator frames = new FrameAccumulator(Layouts.BIG_ENDIAN_FOLLOWING.prefix, 1_000_000);
                for (int i = 0; i < 10; i++) {
                    frames.append(Buffer.buffer(new byte[20_000]));
                }
                return frames;
            });
            HeldHeap.require("free blocks of output", () -> written(4), OutputQueue::spareBytes);
        }

        private static OutputQueue written(int blocks) {
            OutputQueue queue = OutputQueue.reusing();
            List<Buffer> given = new ArrayList<>();
            for (int i = 0; i <= blocks; i++) {
                queue.add(Buffer.buffer(new byte[OutputQueue.BLOCK_FROM_BYTES]));
                given.add(queue.take());
            }
            given.forEach(queue::written);
            return queue;
        }

        private static void require(String name, Supplier<FrameAccumulator> frames) {
            HeldHeap.require(name, frames, FrameAccumulator::heldBytes);
        }

        private static void require(boolean condition) {
            if (!condition) {
                throw new IllegalStateException();
            }
        }

        private static FrameAccumulator unfinished(int bytes, int readBytes) {
            FrameAccumulator frames = new FrameAccumulator(Layouts.BIG_ENDIAN_FOLLOWING.prefix, 1_000_000);
            frames.append(Buffer.buffer().appendInt(bytes));
            for (int at = 0; at + readBytes < bytes; at += readBytes) {
                frames.append(Buffer.buffer(new byte[readBytes]));
                require(frames.nextFrame() == null);
            }
            return frames;
        }

        private static FrameAccumulator behind(int frameBytes, int more) {
            FrameAccumulator frames = new FrameAccumulator(Layouts.BIG_ENDIAN_FOLLOWING.prefix, 1_000_000);
            Buffer read = Buffer.buffer(new byte[4 + frameBytes + more]);
            frames.append(read.setInt(0, frameBytes).setInt(4 + frameBytes, 900_000));
            require(frames.nextFrame() != null);
            require(frames.nextFrame() == null);
            return frames;
        }
    }

    @Test
    void isWhatTheHeapHas() {
        SmallJvm.run(Program.class).requireClean();
    }
}
