package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Canary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler of a configuration receives, and when. */
@Timeout(60)
class QueuedHandlerTest {

    private static final String SECRET = Canary.of("somebody");

    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();

    /** Level and message, with a head and a tail. */
    private static final class Plain extends Formatter {
        @Override
        public String format(LogRecord event) {
            if (event.getThrown() != null) {
                throw new IllegalStateException(SECRET);
            }
            return event.getLevel() + " " + formatMessage(event) + "\n";
        }

        @Override
        public String getHead(java.util.logging.Handler handler) {
            return "head\n";
        }

        @Override
        public String getTail(java.util.logging.Handler handler) {
            return "tail\n";
        }
    }

    private StreamHandler configured() {
        StreamHandler handler = new StreamHandler(sink, new Plain());
        handler.setLevel(Level.INFO);
        return handler;
    }

    private static QueuedHandler queued(StreamHandler handler) {
        return new QueuedHandler(handler, text -> text.replace(SECRET, "***"));
    }

    private String written() {
        return sink.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theConfiguredHandlerWritesWhatIsToBeShown() {
        StreamHandler handler = configured();
        handler.setFilter(event -> !event.getMessage().startsWith("not"));
        QueuedHandler queued = queued(handler);
        queued.publish(new LogRecord(Level.FINE, "below its level"));
        queued.publish(new LogRecord(Level.INFO, "not for its filter"));
        LogRecord event = new LogRecord(Level.WARNING, "token {0} of {1}");
        event.setParameters(new Object[] {SECRET, "a client's {0} and 'quotes'"});
        queued.publish(event);
        queued.close();
        assertEquals("head\nWARNING token *** of a client's {0} and 'quotes'\ntail\n", written());
    }

    /** What a record refers to belongs to its thread. */
    @Test
    void aRecordIsFormattedWhenItIsLogged() throws InterruptedException {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        StreamHandler slow = new StreamHandler(sink, new Plain()) {
            @Override
            public synchronized void publish(LogRecord event) {
                here.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                super.publish(event);
            }
        };
        QueuedHandler queued = queued(slow);
        StringBuilder state = new StringBuilder("before");
        LogRecord event = new LogRecord(Level.INFO, "{0}");
        event.setParameters(new Object[] {state});
        queued.publish(event);
        here.await();
        queued.publish(event);
        state.replace(0, state.length(), "after");
        goOn.countDown();
        assertTrue(queued.flush(60_000));
        queued.close();
        assertEquals("head\nINFO before\nINFO before\ntail\n", written());
    }

    /** A secret across the cut is hidden before. */
    @Test
    void aLongTextIsCut() {
        QueuedHandler queued = queued(configured());
        String start = "x".repeat(QueuedHandler.MAX_CHARACTERS - "INFO ".length() - 5);
        queued.publish(new LogRecord(Level.INFO, start + SECRET + "y".repeat(1_000)));
        queued.close();
        String text = written();
        assertFalse(text.contains(SECRET.substring(0, 5)));
        assertTrue(text.contains("***yy... (999 characters more)"), () -> text.substring(start.length()));
    }

    @Test
    void aRecordThatCannotBeFormattedIsALine() {
        QueuedHandler queued = queued(configured());
        LogRecord event = new LogRecord(Level.INFO, "with a stack trace");
        event.setThrown(new IllegalArgumentException("on purpose"));
        queued.publish(event);
        queued.close();
        assertEquals(
                "head\nWARNING a log record cannot be formatted: class java.lang.IllegalStateException\ntail\n",
                written());
    }
}
