package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.BAD_REQUEST;
import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.LIMIT_EXCEEDED;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.TIMEOUT;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static dev.polywire.core.net.CallException.Reason.UNKNOWN_OUTCOME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The table of {@link Call}, line by line. */
class CallTest {

    private static final CallException BROKEN = CallException.lost("broken");
    private static final CallException LEAVING = new CallException(SHUTTING_DOWN, "leaving");

    @Test
    void itsDeadline() {
        assertEquals(List.of(UNAVAILABLE, TIMEOUT, TIMEOUT), row(Call::expired));
    }

    @Test
    void theConnectionBroke() {
        assertEquals(List.of(CONNECTION_LOST, CONNECTION_LOST, UNKNOWN_OUTCOME), row(call -> call.lost(BROKEN)));
    }

    @Test
    void weClosedIt() {
        assertEquals(List.of(SHUTTING_DOWN, CONNECTION_LOST, UNKNOWN_OUTCOME), row(call -> call.lost(LEAVING)));
    }

    @Test
    void whatCannotBeSent() {
        TestCall large = call(true, false);
        large.refused(ProtocolException.limit("too long"));
        assertEquals(LIMIT_EXCEEDED, reason(large));
        for (RuntimeException refusal : List.of(
                ProtocolException.decode("no document"),
                ProtocolException.framing("no frame"),
                new IllegalStateException("out of turn"),
                new IllegalArgumentException("too short"))) {
            TestCall call = call(true, false);
            call.refused(refusal);
            assertEquals(BAD_REQUEST, reason(call), refusal.getMessage());
        }
    }

    @Test
    void whatBreaksTheProtocolIsTheOldestOnesAnswer() {
        List<TestCall> sent = List.of(call(true, true), call(false, true), call(true, true));
        ProtocolException bad = ProtocolException.framing("no frame");
        Call.lost(sent, bad);
        assertSame(bad, sent.get(0).answer().cause());
        assertEquals(CONNECTION_LOST, reason(sent.get(1)));
        assertEquals(UNKNOWN_OUTCOME, reason(sent.get(2)));
    }

    @Test
    void aPartOfAnAnswerIsNobodysAnswer() {
        List<TestCall> sent = List.of(call(false, true), call(true, true));
        Call.lost(sent, ProtocolException.truncated("message: truncated"));
        assertEquals(CONNECTION_LOST, reason(sent.get(0)));
        assertEquals("message: truncated", sent.get(0).answer().cause().getMessage());
        assertEquals(UNKNOWN_OUTCOME, reason(sent.get(1)));
    }

    @Test
    void silenceIsNobodysAnswer() {
        List<TestCall> sent = List.of(call(true, true), call(false, true));
        Call.lost(sent, ProtocolException.silence("no sign of life"));
        assertEquals(UNKNOWN_OUTCOME, reason(sent.get(0)));
        assertEquals(CONNECTION_LOST, reason(sent.get(1)));
    }

    @Test
    void theFirstOutcomeStays() {
        TestCall call = call(true, true);
        call.expired();
        call.answered("late");
        call.failed(BROKEN);
        call.lost(BROKEN);
        assertEquals(TIMEOUT, reason(call));
    }

    @Test
    void aLateAnswerGoesToWhoWantsIt() {
        List<String> late = new ArrayList<>();
        TestCall call = call(true, true);
        call.late(late::add);
        call.expired();
        call.answered("late");
        assertEquals(List.of("late"), late);
        TestCall timely = call(true, true);
        timely.late(late::add);
        timely.answered("now");
        assertEquals("now", timely.answer().result());
        assertEquals(List.of("late"), late);
    }

    /** What becomes of it later does not undo an outcome that is unknown. */
    @Test
    void sentAgainAfterAnUnknownOutcome() {
        IllegalStateException refusal = new IllegalStateException("refused by the peer");
        assertEquals(List.of(UNKNOWN_OUTCOME, TIMEOUT), again(UNKNOWN_OUTCOME, Call::expired));
        assertEquals(List.of(UNKNOWN_OUTCOME, UNKNOWN_OUTCOME), again(UNKNOWN_OUTCOME, call -> call.lost(BROKEN)));
        assertEquals(List.of(UNKNOWN_OUTCOME, UNKNOWN_OUTCOME), again(UNKNOWN_OUTCOME, call -> call.lost(LEAVING)));
        assertEquals(List.of(UNKNOWN_OUTCOME, UNKNOWN_OUTCOME), again(UNKNOWN_OUTCOME, call -> call.failed(refusal)));
        TestCall refused = again(UNKNOWN_OUTCOME, true);
        refused.failed(refusal);
        assertSame(refusal, refused.answer().cause().getCause());
        assertEquals("first; then refused by the peer", refused.answer().cause().getMessage());
        TestCall answered = again(UNKNOWN_OUTCOME, true);
        answered.answered("now");
        assertEquals("now", answered.answer().result());
    }

    @Test
    void sentAgainAfterASendingWithoutEffect() {
        assertEquals(List.of(UNAVAILABLE, TIMEOUT), again(CONNECTION_LOST, Call::expired));
        assertEquals(List.of(CONNECTION_LOST, UNKNOWN_OUTCOME), again(CONNECTION_LOST, call -> call.lost(BROKEN)));
        assertEquals(List.of(SHUTTING_DOWN, UNKNOWN_OUTCOME), again(CONNECTION_LOST, call -> call.lost(LEAVING)));
    }

    /** It waits; it is in flight again. */
    private static List<CallException.Reason> again(CallException.Reason first, Consumer<TestCall> end) {
        List<CallException.Reason> row = new ArrayList<>();
        for (boolean inFlight : new boolean[] {false, true}) {
            TestCall call = again(first, inFlight);
            end.accept(call);
            row.add(reason(call));
        }
        return row;
    }

    private static TestCall again(CallException.Reason first, boolean inFlight) {
        TestCall call = call(true, true);
        call.again(new CallException(first, "first"));
        if (inFlight) {
            call.sent();
        }
        return call;
    }

    @Test
    void whatHadNoEffectMayBeAskedAgain() {
        assertTrue(CallException.lost("broken").hadNoEffect());
        assertTrue(new CallException(UNAVAILABLE, "nobody").hadNoEffect());
        for (CallException.Reason reason : List.of(UNKNOWN_OUTCOME, TIMEOUT, BAD_REQUEST, LIMIT_EXCEEDED)) {
            assertFalse(new CallException(reason, "no").hadNoEffect(), reason.name());
        }
    }

    /** Not sent; sent, and only reads; sent, and changes something. */
    private static List<CallException.Reason> row(Consumer<TestCall> end) {
        List<CallException.Reason> row = new ArrayList<>();
        for (TestCall call : List.of(call(true, false), call(false, true), call(true, true))) {
            end.accept(call);
            row.add(reason(call));
        }
        return row;
    }

    private static TestCall call(boolean lasting, boolean sent) {
        TestCall call = new TestCall("call", lasting, null);
        if (sent) {
            call.sent();
        }
        return call;
    }

    private static CallException.Reason reason(TestCall call) {
        return ((CallException) call.answer().cause()).reason();
    }
}
