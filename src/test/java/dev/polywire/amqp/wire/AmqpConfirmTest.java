package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publisher confirms and the ends of consumers: A2.11, A2.12, A26. */
class AmqpConfirmTest {

    private static final Content CONTENT = new Content(Buffer.buffer("x"));

    private final Conversation conversation = Conversation.open();
    private final int channel = conversation.channel();

    private long publish() {
        return conversation.client.publish(channel, new ContentMethod.Publish("", "q", false, false), CONTENT);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void numbersFromOne(boolean noWait) {
        assertEquals(0, publish());
        conversation.client.send(channel, new ConfirmMethod.Select(noWait));
        assertEquals(1, publish());
        assertEquals(2, publish());
        assertEquals(3, publish());
        conversation.server(channel, new BasicMethod.Ack(1, false));
        conversation.server(channel, new BasicMethod.Nack(3, true, false));
        assertEquals(
                "Confirmed[channel=1, publish=1, multiple=false, taken=true], "
                        + "Confirmed[channel=1, publish=3, multiple=true, taken=false]",
                conversation.heard());
        conversation.client.send(channel, new ConfirmMethod.Select(noWait));
        assertEquals(4, publish());
    }

    /** Two of four are settled: 2 alone, then 1. Each of these is the broker's fault (A26). */
    @ParameterizedTest
    @CsvSource({"5, false", "0, false", "0, true", "1, false", "2, false", "2, true", "5, true", "-1, false", "-1, true"
    })
    void confirmsOfNothing(long publish, boolean multiple) {
        conversation.client.send(channel, new ConfirmMethod.Select(true));
        for (int i = 0; i < 4; i++) {
            publish();
        }
        conversation.server(channel, new BasicMethod.Ack(2, false));
        conversation.server(channel, new BasicMethod.Ack(1, false));
        conversation.heard.clear();
        conversation.server.send(channel, new BasicMethod.Ack(publish, multiple));
        ProtocolException violation = assertThrows(ProtocolException.class, conversation::move);
        assertEquals(ProtocolException.Kind.FRAMING, violation.kind());
        assertEquals(List.of(), conversation.heard);
    }

    @Test
    void confirmsThatNobodyAskedFor() {
        publish();
        conversation.server.send(channel, new BasicMethod.Ack(1, false));
        assertThrows(ProtocolException.class, conversation::move);
    }

    /** Against a set: any order, single and multiple, over many sizes of the window. */
    @Test
    void anyOrder() {
        Random random = new Random(6);
        for (int round = 0; round < 50; round++) {
            OutstandingPublishes publishes = new OutstandingPublishes();
            TreeSet<Long> waiting = new TreeSet<>();
            for (int i = 0; i < 3_000; i++) {
                if (waiting.isEmpty() || random.nextInt(round + 2) > 0) {
                    waiting.add(publishes.add());
                    continue;
                }
                List<Long> all = new ArrayList<>(waiting);
                Collections.shuffle(all, random);
                boolean multiple = random.nextInt(10) == 0;
                long settled = all.get(0);
                publishes.settle(settled, multiple);
                if (multiple) {
                    waiting.headSet(settled, true).clear();
                } else {
                    waiting.remove(settled);
                }
                assertThrows(Violation.class, () -> publishes.settle(settled, false));
            }
            for (long each : waiting) {
                publishes.settle(each, false);
            }
        }
    }

    @Test
    void oneThatWaitsForEver() {
        OutstandingPublishes publishes = new OutstandingPublishes();
        publishes.add();
        for (int i = 1; i < OutstandingPublishes.MAX_WINDOW; i++) {
            publishes.requireRoom();
            publishes.settle(publishes.add(), false);
        }
        assertThrows(ProtocolException.class, publishes::requireRoom);
        publishes.settle(1, false);
        publishes.requireRoom();
    }

    @Test
    void cancelledByTheServer() {
        conversation.client.send(channel, new BasicMethod.Consume("q", "c", false, false, false, false, Map.of()));
        conversation.server(channel, new BasicMethod.ConsumeOk("c"));
        conversation.heard.clear();
        conversation.asked.clear();
        conversation.server(channel, new BasicMethod.Cancel("c", true));
        assertEquals("ConsumerCancelled[channel=1, consumerTag=c]", conversation.heard());
        assertEquals("", conversation.asked());
        // One that nobody knows was ours in between: it is answered, and said nothing of.
        conversation.server(channel, new BasicMethod.Cancel("c", false));
        assertEquals("", conversation.heard());
        assertEquals("1 basic.cancel-ok", conversation.asked());
    }

    /** A2.12: 503. */
    @Test
    void deliveryAfterCancelOk() {
        ContentMethod.Deliver deliver = new ContentMethod.Deliver("c", 1, false, "", "q");
        conversation.client.send(channel, new BasicMethod.Consume("q", "c", false, false, false, false, Map.of()));
        conversation.server(channel, new BasicMethod.ConsumeOk("c"));
        conversation.client.send(channel, new BasicMethod.Cancel("c", false));
        conversation.server(channel, deliver, CONTENT);
        conversation.server(channel, new BasicMethod.CancelOk("c"));
        assertEquals("1 1 basic.consume-ok, 1 delivery 1 x, 1 2 basic.cancel-ok", conversation.heard());
        conversation.server.send(channel, deliver, CONTENT);
        ProtocolException violation = assertThrows(ProtocolException.class, conversation::move);
        assertEquals("503 COMMAND_INVALID", violation.getMessage().split(",")[0]);
    }

    /** Without an answer nobody knows when the last one comes. */
    @Test
    void deliveryAfterACancelWithoutAnswer() {
        conversation.client.send(channel, new BasicMethod.Consume("q", "c", false, false, false, true, Map.of()));
        conversation.client.send(channel, new BasicMethod.Cancel("c", true));
        conversation.server(channel, new ContentMethod.Deliver("c", 1, false, "", "q"), CONTENT);
        assertEquals("1 delivery 1 x", conversation.heard());
    }
}
