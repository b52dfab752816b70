package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.session.Settlements.Word;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is said of events, in packages. */
class SettlementsTest {

    private static final UUID ID = UUID.fromString("7a8c472c-c92e-4520-990d-a749f6020ba1");

    private final Settlements settlements = new Settlements();

    /** B2: the bytes of an ack: the subscription's id, and that of the event in .NET's order. */
    @Test
    void anAckHasTheSubscriptionAndTheEvent() {
        assertTrue(settlements.add(ID, Word.ACK));
        PersistentMessage ack = settlements.take().get(0).message("ponies::g");
        Buffer expected = Buffer.buffer()
                .appendBytes(new byte[] {0x0a, 9})
                .appendString("ponies::g")
                .appendBytes(new byte[] {0x12, 16})
                .appendBuffer(DotNetGuid.bytes(ID));
        assertEquals(expected, ack.payload());
    }

    @Test
    void eachWordHasItsPackages() {
        Word retry = new Word(NakAction.RETRY, "why");
        Word park = new Word(NakAction.PARK, null);
        for (int i = 0; i < 2_001; i++) {
            settlements.add(new UUID(1, i), Word.ACK);
        }
        assertFalse(settlements.add(ID, retry));
        settlements.add(new UUID(2, 1), park);
        settlements.add(new UUID(2, 2), new Word(NakAction.RETRY, "why"));
        List<Settlements.Package> packages = settlements.take();
        assertEquals(
                List.of(Word.ACK, Word.ACK, retry, park),
                packages.stream().map(Settlements.Package::word).toList());
        assertEquals(
                List.of(2_000, 1, 2, 1),
                packages.stream().map(each -> each.ids().size()).toList());
        assertEquals(
                new PersistentMessage.PersistentSubscriptionNakEvents(
                        "s", packages.get(2).ids(), "why", NakAction.RETRY.ordinal()),
                packages.get(2).message("s"));
        assertEquals(List.of(), settlements.take());
        assertTrue(settlements.add(ID, Word.ACK));
        assertEquals(1, settlements.clear());
    }
}
