package dev.polywire.core.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.TextMachine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FullHeapTest {

    private static final OutOfMemoryError FULL = new OutOfMemoryError("Java heap space");
    private static final OutOfMemoryError DIRECT = new OutOfMemoryError("Direct buffer memory");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Java heap space                                                                        | true
            Java heap space: failed reallocation of scalar replaced objects                        | true
            GC overhead limit exceeded                                                             | true
            Metaspace                                                                              | true
            Compressed class space                                                                 | true
            Requested array size exceeds VM limit                                                  | false
            Required length exceeds implementation limit                                           | false
            unable to create native thread: possibly out of memory or process/resource limits reached | false
            Direct buffer memory                                                                   | false
                                                                                                   | false
            """)
    void isMeantByTheErrorsOfAHeap(String message, boolean meant) {
        assertEquals(meant, FullHeap.isMeantBy(new OutOfMemoryError(message)));
    }

    /** As the JVM says it, whatever its version. */
    @Test
    void isNotMeantByWhatTheJvmSaysOfOtherMemory() {
        assertEquals(false, FullHeap.isMeantBy(thrown(() -> ByteBuffer.allocateDirect(Integer.MAX_VALUE))));
        assertEquals(false, FullHeap.isMeantBy(thrown(() -> new long[Integer.MAX_VALUE][0].clone())));
        assertEquals(true, FullHeap.isMeantBy(thrown(() -> new long[Integer.MAX_VALUE - 8][0].clone())));
        assertEquals(false, FullHeap.isMeantBy(new StackOverflowError()));
    }

    /** Netty has a class of its own for it. */
    @Test
    void isNotMeantByErrorsOfOtherClasses() {
        assertEquals(false, FullHeap.isMeantBy(new OutOfMemoryError("Java heap space") {}));
    }

    @Test
    void closesTheConnectionAndIsReportedToTheApplication() {
        assertEquals(List.of(FULL), reportedOf(FULL));
    }

    @Test
    void otherErrorsOfMemoryCloseTheConnectionOnly() {
        assertEquals(List.of(), reportedOf(DIRECT));
    }

    private static List<Throwable> reportedOf(Error error) {
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        try (LoggedTraces logged = new LoggedTraces();
                Dialled dialled = new Dialled((self, event) -> {
                    throw error;
                })) {
            dialled.loop.vertx().exceptionHandler(reported::add);
            dialled.peer.write(TextMachine.frame("hello"));
            CallException cause = assertInstanceOf(CallException.class, dialled.recorder.closed());
            assertSame(error, cause.getCause());
            // The report comes in the next turn.
            dialled.loop.run(() -> {});
            await().until(() -> !logged.traces().isEmpty());
            return List.copyOf(reported);
        }
    }

    private static OutOfMemoryError thrown(Executable asking) {
        return assertThrows(OutOfMemoryError.class, asking);
    }
}
