package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingCallsTest {

    private final PendingCalls<Integer, String> calls = new PendingCalls<>();

    @BeforeEach
    void threeCalls() {
        calls.put(1, "one");
        calls.put(2, "two");
        calls.put(3, "three");
    }

    @Test
    void anAnswerGoesToItsCallAndOnlyOnce() {
        assertEquals("two", calls.answered(2));
        assertEquals(2, calls.waiting());
        ProtocolException again = assertThrows(ProtocolException.class, () -> calls.answered(2));
        assertEquals(ProtocolException.Kind.FRAMING, again.kind());
    }

    @Test
    void anAnswerNobodyAskedForIsAViolation() {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> calls.answered(9));
        assertEquals(ProtocolException.Kind.FRAMING, bad.kind());
        assertEquals("answer to 9 (expected: the id of a request in flight)", bad.getMessage());
        assertEquals(3, calls.waiting());
        assertEquals(0, calls.lateAnswers());
    }

    @Test
    void aLateAnswerIsDroppedAndCounted() {
        assertTrue(calls.giveUp(2));
        assertEquals(2, calls.waiting());
        assertNull(calls.answered(2));
        assertEquals(1, calls.lateAnswers());
        assertEquals(2, calls.waiting());
        assertThrows(ProtocolException.class, () -> calls.answered(2), "its answer has come");
    }

    @Test
    void givingUpTwiceOrTooLateChangesNothing() {
        calls.answered(1);
        calls.giveUp(1);
        calls.giveUp(2);
        calls.giveUp(2);
        assertEquals(1, calls.waiting());
        assertEquals("three", calls.answered(3));
        assertNull(calls.answered(2));
        assertEquals(0, calls.waiting());
    }

    @Test
    void anIdIsNotUsedAgainBeforeItsAnswer() {
        assertThrows(IllegalStateException.class, () -> calls.put(1, "other"));
        calls.giveUp(1);
        assertThrows(IllegalStateException.class, () -> calls.put(1, "other"));
        calls.answered(1);
        calls.put(1, "other");
        assertEquals("other", calls.answered(1));
    }

    @Test
    void missingAnswersAreBounded() {
        for (int id = 10; id < 10 + PendingCalls.MAX_GIVEN_UP; id++) {
            calls.put(id, "call");
            assertTrue(calls.giveUp(id), "call " + id);
        }
        assertFalse(calls.giveUp(1), "one too many");
        assertNull(calls.answered(10));
        assertNull(calls.answered(11));
        assertTrue(calls.giveUp(2), "two have come");
    }

    @Test
    void drainingGivesTheWaitingOnesOldestFirst() {
        calls.put(0, "zero");
        calls.giveUp(2);
        assertEquals(List.of("one", "three", "zero"), calls.drain());
        assertEquals(0, calls.waiting());
        assertEquals(List.of(), calls.drain());
        assertThrows(ProtocolException.class, () -> calls.answered(2));
    }
}
