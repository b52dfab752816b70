package dev.polywire.eventstore.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.eventstore.wire.EventStoreMessage;

/** What goes wrong with a command that a {@link FaultPlan} names. Where it has several answers, only the first one is meant. */
public sealed interface CommandFault {

    /** It waits; commands behind it do not. @param millis 0 to 3,600,000 */
    record Delay(int millis) implements CommandFault {
        public Delay {
            Limits.range("millis", millis, 0, 3_600_000);
        }
    }

    /** It is not done, and not answered. */
    record Ignore() implements CommandFault {}

    /** It is done, and its answer is lost. */
    record LoseAnswer() implements CommandFault {}

    /** It is not done, and answered with this: a {@code NotHandled}, or its own answer with another result. */
    record Answer(EventStoreMessage message) implements CommandFault {}

    /** It is done, and answered with this: a CommitTimeout of a write that is committed, say. */
    record AnswerInstead(EventStoreMessage message) implements CommandFault {}

    /**
     * It is done, and the connection is closed in the middle of its answer.
     *
     * @param bytes of this answer, and those behind it, that the client still gets; 0 to 2,147,483,647
     */
    record CutAnswer(int bytes) implements CommandFault {
        public CutAnswer {
            Limits.range("bytes", bytes, 0, Integer.MAX_VALUE);
        }
    }

    /** It is not done, and the connection is closed. */
    record Close() implements CommandFault {}
}
