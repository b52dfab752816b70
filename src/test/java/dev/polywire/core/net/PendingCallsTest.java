package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingCallsTest {

    private final PendingCalls<Integer, TestCall> calls = new PendingCalls<>();
    private final TestCall one = call();
    private final TestCall two = call();
    private final TestCall three = call();

    @BeforeEach
    void threeCalls() {
        calls.put(1, one);
        calls.put(2, two);
        calls.put(3, three);
    }

    @Test
    void anAnswerGoesToItsCallAndOnlyOnce() {
        assertSame(two, calls.answered(2));
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
    void aLateAnswerIsNobodysAndCounted() {
        assertTrue(calls.expired(two));
        assertEquals(2, calls.waiting());
        assertTrue(calls.answered(2).isOver());
        assertEquals(1, calls.lateAnswers());
        assertEquals(2, calls.waiting());
        assertThrows(ProtocolException.class, () -> calls.answered(2), "its answer has come");
    }

    @Test
    void givingUpTwiceOrTooLateChangesNothing() {
        calls.answered(1).answered("yes");
        calls.expired(one);
        calls.expired(two);
        calls.expired(two);
        assertEquals(1, calls.waiting());
        assertSame(three, calls.answered(3));
        assertSame(two, calls.answered(2));
        assertEquals(0, calls.waiting());
    }

    @Test
    void anIdIsNotUsedAgainBeforeItsAnswer() {
        assertThrows(IllegalStateException.class, () -> calls.put(1, call()));
        calls.expired(one);
        assertThrows(IllegalStateException.class, () -> calls.put(1, call()));
        calls.answered(1);
        TestCall other = call();
        calls.put(1, other);
        assertSame(other, calls.answered(1));
    }

    @Test
    void missingAnswersAreBounded() {
        for (int id = 10; id < 10 + PendingCalls.MAX_GIVEN_UP; id++) {
            TestCall each = call();
            calls.put(id, each);
            assertTrue(calls.expired(each), "call " + id);
        }
        assertFalse(calls.expired(one), "one too many");
        calls.answered(10);
        calls.answered(11);
        assertTrue(calls.expired(two), "two have come");
    }

    @Test
    void drainingGivesAllOldestFirst() {
        TestCall zero = call();
        calls.put(0, zero);
        calls.expired(two);
        assertEquals(List.of(one, two, three, zero), calls.drain());
        assertEquals(0, calls.waiting());
        assertEquals(List.of(), calls.drain());
        assertThrows(ProtocolException.class, () -> calls.answered(2));
    }

    private static TestCall call() {
        TestCall call = new TestCall("call", true, null);
        call.sent();
        return call;
    }
}
