package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A1.6, A2.13: signs of life on a clock that is a number; T is 60 s. */
class AmqpHeartbeatTest {

    private static final long T = 60_000;

    private final Conversation conversation = Conversation.open();
    private final AmqpClientMachine client = conversation.client;
    private long nowMillis = conversation.nowMillis;

    /** Ticks when asked to, up to a time; when something was sent by itself. */
    private List<Long> sentUntil(long endMillis) {
        List<Long> sent = new ArrayList<>();
        while (client.deadlineMillis() <= endMillis) {
            nowMillis = client.deadlineMillis();
            client.tick(nowMillis);
            for (Buffer bytes = client.takeOutput(); bytes != null; bytes = client.takeOutput()) {
                assertEquals(
                        Vectors.hex(Vectors.read("amqp-frames.txt").get("line4").bytes()), Vectors.hex(bytes));
                sent.add(nowMillis);
            }
        }
        nowMillis = endMillis;
        return sent;
    }

    private void hear() {
        client.receive(Vectors.bytes("08000000000000ce"), nowMillis);
        assertEquals(null, client.nextEvent());
    }

    @Test
    void nothingToSay() {
        long last = nowMillis;
        for (int i = 0; i < 20; i++) {
            hear();
            for (long each : sentUntil(nowMillis + T)) {
                assertTrue(each - last <= T / 2, (each - last) + " ms after the last");
                last = each;
            }
            assertTrue(nowMillis - last <= T / 2);
        }
    }

    /** Who speaks needs no heartbeats. */
    @Test
    void somethingToSay() {
        int channel = conversation.channel();
        for (int i = 0; i < 40; i++) {
            client.send(channel, new BasicMethod.Ack(i, false));
            client.takeOutput();
            hear();
            assertEquals(List.of(), sentUntil(nowMillis + T / 4));
        }
    }

    @Test
    void aSilentServer() {
        long heard = nowMillis;
        hear();
        sentUntil(heard + 2 * T - 1);
        assertEquals(heard + 2 * T, client.deadlineMillis());
        nowMillis = heard + 2 * T;
        ProtocolException dead = assertThrows(ProtocolException.class, () -> client.tick(nowMillis));
        assertEquals(ProtocolException.Kind.SILENCE, dead.kind());
        assertEquals(ConnectionState.FAILED, client.state());
    }

    /** Half a frame is a sign, too; early and repeated ticks are harmless. */
    @Test
    void anyByte() {
        for (int i = 0; i < 7; i++) {
            sentUntil(nowMillis + 2 * T - 1);
            client.receive(Vectors.bytes("08000000000000ce").slice(i, i + 1), nowMillis);
            client.nextEvent();
            client.tick(nowMillis - 1);
            client.tick(nowMillis - 1);
        }
        assertEquals(ConnectionState.OPEN, client.state());
    }

    /** Who does not read cannot blame the server; we still speak. */
    @Test
    void held() {
        client.hold(true, nowMillis);
        assertTrue(sentUntil(nowMillis + 10 * T).size() >= 20);
        client.hold(false, nowMillis);
        sentUntil(nowMillis + 2 * T - 1);
        assertThrows(ProtocolException.class, () -> client.tick(nowMillis + 1));
    }

    @Test
    void without() {
        Conversation quiet = new Conversation(
                        Conversation.options(AmqpLimits.DEFAULT, 0, SaslMechanism.plain("guest", "guest")))
                .tune(new ConnectionMethod.Tune(0, 0, 0))
                .login();
        assertEquals(Long.MAX_VALUE, quiet.client.deadlineMillis());
        quiet.client.tick(Long.MAX_VALUE);
        assertEquals(0, quiet.client.outputBytes());
    }
}
