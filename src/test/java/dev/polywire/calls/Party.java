package dev.polywire.calls;

import static dev.polywire.calls.Situation.ANSWERED_LATE;
import static dev.polywire.calls.Situation.ANSWERED_LATE_COUNTED;
import static dev.polywire.calls.Situation.ANSWER_TOO_LONG;
import static dev.polywire.calls.Situation.BROKEN_ALONE;
import static dev.polywire.calls.Situation.BROKEN_BESIDE;
import static dev.polywire.calls.Situation.BROKEN_CHANGING_BEHIND;
import static dev.polywire.calls.Situation.BROKEN_OLDEST;
import static dev.polywire.calls.Situation.BROKEN_ONE_OF_TWO;
import static dev.polywire.calls.Situation.BROKEN_READING_BEHIND;
import static dev.polywire.calls.Situation.CHANGING_IS_CUT;
import static dev.polywire.calls.Situation.NOT_ANSWERED;
import static dev.polywire.calls.Situation.OUT_OF_TURN;
import static dev.polywire.calls.Situation.READING_AND_WE_LEAVE;
import static dev.polywire.calls.Situation.READING_IS_CUT;
import static dev.polywire.calls.Situation.READING_IS_LOST;
import static dev.polywire.calls.Situation.SILENT_HANDSHAKE;
import static dev.polywire.calls.Situation.UNREADABLE;
import static dev.polywire.calls.Situation.UNWRITABLE;
import static dev.polywire.calls.Situation.WAITS_AND_IS_LOST;
import static dev.polywire.calls.Situation.WAITS_AND_WE_LEAVE;
import static dev.polywire.calls.Situation.WAITS_TOO_LONG;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Each kind of command, and which situations it is never in, and why. */
enum Party {
    MONGODB(
            MongoSide::new,
            Map.of(
                    "any command may follow any other",
                    Set.of(OUT_OF_TURN),
                    "a message that is longer than a server may send breaks the framing",
                    Set.of(ANSWER_TOO_LONG),
                    "a server works through all that come on a connection in order",
                    Set.of(BROKEN_BESIDE, BROKEN_ONE_OF_TWO))),
    BOLT(
            BoltSide::new,
            Map.of(
                    "what may be sent is written at once",
                    Set.of(WAITS_AND_WE_LEAVE, WAITS_AND_IS_LOST, WAITS_TOO_LONG),
                    "all answers come in order",
                    Set.of(BROKEN_BESIDE, BROKEN_ONE_OF_TWO),
                    "who gives up sends a RESET, and answers before that of the RESET are its own: none is late",
                    Set.of(ANSWERED_LATE_COUNTED))),
    AMQP(
            AmqpSide::new,
            Map.of(
                    "what may be sent is written at once; with much unwritten it is OVERLOADED",
                    Set.of(WAITS_AND_WE_LEAVE, WAITS_AND_IS_LOST, WAITS_TOO_LONG),
                    "a method that cannot be read is a hard error, after which the connection is closed",
                    Set.of(UNREADABLE),
                    "a frame that is too long breaks the framing, and these answers have one frame",
                    Set.of(ANSWER_TOO_LONG),
                    "a channel's answers come in order",
                    Set.of(BROKEN_ONE_OF_TWO))),
    AMQP_PUBLISH(
            PublishSide::new,
            Map.of(
                    "a publish changes something",
                    Set.of(READING_IS_LOST, READING_IS_CUT, READING_AND_WE_LEAVE),
                    "what has no confirm may be sent again, and is as long as its outcome is UNKNOWN_OUTCOME",
                    Set.of(BROKEN_ALONE),
                    "confirms come in any order",
                    Set.of(BROKEN_OLDEST, BROKEN_READING_BEHIND, BROKEN_CHANGING_BEHIND, BROKEN_BESIDE),
                    "a channel that is open takes any publish",
                    Set.of(OUT_OF_TURN),
                    "what may be sent is written at once; with much unwritten it is OVERLOADED",
                    Set.of(WAITS_AND_WE_LEAVE, WAITS_AND_IS_LOST, WAITS_TOO_LONG),
                    "a method that cannot be read is a hard error, after which the connection is closed",
                    Set.of(UNREADABLE),
                    "a frame that is too long breaks the framing, and a confirm has one frame",
                    Set.of(ANSWER_TOO_LONG))),
    EVENTSTORE(
            EventStoreSide::new,
            Map.of(
                    "any operation may follow any other",
                    Set.of(OUT_OF_TURN),
                    "answers come in any order, and among what subscriptions are told: nobody is to blame for what is no package",
                    Set.of(BROKEN_ALONE, BROKEN_OLDEST, BROKEN_READING_BEHIND, BROKEN_CHANGING_BEHIND, BROKEN_BESIDE))),
    FRAMED(
            FramedSide::new,
            Map.of(
                    "only the peer knows what a request is about: each may change something",
                    Set.of(READING_IS_LOST, READING_IS_CUT, READING_AND_WE_LEAVE),
                    "any bytes are a request",
                    Set.of(UNWRITABLE),
                    "any bytes are a message, but one that is too long",
                    Set.of(BROKEN_ALONE, BROKEN_ONE_OF_TWO),
                    "with envelopes a request may come at any time; without it is that of a message",
                    Set.of(OUT_OF_TURN),
                    "the content of a reply is its reader's, and what is no envelope is no reply",
                    Set.of(UNREADABLE),
                    "replies come in any order",
                    Set.of(BROKEN_OLDEST, BROKEN_READING_BEHIND, BROKEN_CHANGING_BEHIND, BROKEN_BESIDE),
                    "there is no handshake",
                    Set.of(SILENT_HANDSHAKE))),
    FRAMED_MESSAGE(
            MessageSide::new,
            Map.of(
                    "only the peer knows what a message is about: each may change something",
                    Set.of(READING_IS_LOST, READING_IS_CUT, READING_AND_WE_LEAVE),
                    "a message has no answer",
                    Set.of(
                            UNREADABLE,
                            ANSWER_TOO_LONG,
                            BROKEN_ALONE,
                            BROKEN_OLDEST,
                            BROKEN_READING_BEHIND,
                            BROKEN_CHANGING_BEHIND,
                            BROKEN_BESIDE,
                            BROKEN_ONE_OF_TWO,
                            CHANGING_IS_CUT,
                            ANSWERED_LATE,
                            ANSWERED_LATE_COUNTED),
                    "what was begun goes on as long as the peer takes some of it: slowPeerMillis ends it",
                    Set.of(NOT_ANSWERED),
                    "there is no handshake",
                    Set.of(SILENT_HANDSHAKE)));

    private final Supplier<Side<?>> side;
    private final Map<Situation, String> never = new EnumMap<>(Situation.class);

    Party(Supplier<Side<?>> side, Map<String, Set<Situation>> never) {
        this.side = side;
        never.forEach((why, situations) -> situations.forEach(each -> this.never.put(each, why)));
    }

    Side<?> open() {
        return side.get();
    }

    /** Whether its commands can be in it. */
    boolean knows(Situation situation) {
        return !never.containsKey(situation);
    }
}
