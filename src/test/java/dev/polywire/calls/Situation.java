package dev.polywire.calls;

import static dev.polywire.calls.Side.ANSWERED;
import static dev.polywire.core.bus.request.Failure.BAD_REQUEST;
import static dev.polywire.core.bus.request.Failure.CONNECTION_LOST;
import static dev.polywire.core.bus.request.Failure.LIMIT_EXCEEDED;
import static dev.polywire.core.bus.request.Failure.PROTOCOL_VIOLATION;
import static dev.polywire.core.bus.request.Failure.SHUTTING_DOWN;
import static dev.polywire.core.bus.request.Failure.TIMEOUT;
import static dev.polywire.core.bus.request.Failure.UNAVAILABLE;
import static dev.polywire.core.bus.request.Failure.UNKNOWN_OUTCOME;

import dev.polywire.calls.Side.Command;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;

/**
 * What may become of a command other than its answer, and what its caller hears then: a failure's name, and whether the
 * connection goes on. Each is the same in all protocols that have it.
 */
enum Situation {
    /** Nothing is sent. */
    TOO_LONG(LIMIT_EXCEEDED + ", goes on", side -> goesOn(side, side.ask(side::tooLong, "refused"))),
    /** Nothing is sent. */
    UNWRITABLE(BAD_REQUEST + ", goes on", side -> goesOn(side, side.ask(side::unwritable, "refused"))),
    /** Nothing is sent. */
    OUT_OF_TURN(BAD_REQUEST + ", goes on", side -> goesOn(side, side.ask(side::outOfTurn, "refused"))),

    /** It comes when we have closed the connection. */
    AFTER_WE_LEFT(SHUTTING_DOWN, side -> {
        side.leave();
        return meaning(side.ask(side::changing, "late"));
    }),
    /** We close the connection while it waits for its turn. */
    WAITS_AND_WE_LEAVE(SHUTTING_DOWN, side -> {
        side.fill();
        Future<String> waiting = side.ask(side::changing, "waiting");
        side.leave();
        return meaning(waiting);
    }),
    /** It comes when the connection was lost. */
    AFTER_THE_LOSS(CONNECTION_LOST, side -> {
        side.drop();
        side.down();
        return meaning(side.ask(side::changing, "late"));
    }),
    /** The connection is lost while it waits for its turn. */
    WAITS_AND_IS_LOST(CONNECTION_LOST, side -> {
        side.fill();
        Future<String> waiting = side.ask(side::changing, "waiting");
        side.drop();
        return meaning(waiting);
    }),

    /** The connection is lost behind a command that changes nothing. */
    READING_IS_LOST(CONNECTION_LOST, side -> lost(side, side::reading, side::drop)),
    /** The connection is lost behind a command that changes something. */
    CHANGING_IS_LOST(UNKNOWN_OUTCOME, side -> lost(side, side::changing, side::drop)),
    /** We close behind a command that changes nothing. That we are leaving would say that it was not sent. */
    READING_AND_WE_LEAVE(CONNECTION_LOST, side -> lost(side, side::reading, side::leave)),
    /** We close behind a command that changes something. */
    CHANGING_AND_WE_LEAVE(UNKNOWN_OUTCOME, side -> lost(side, side::changing, side::leave)),

    /** Its answer cannot be read, and the one behind it can. */
    UNREADABLE(PROTOCOL_VIOLATION + ", goes on", side -> {
        Future<String> first = side.ask(side::next, "first");
        Future<String> second = side.ask(side::next, "second");
        side.sent();
        side.sent();
        side.garble();
        side.answer();
        return meaning(first) + (meaning(second).equals(ANSWERED) ? ", goes on" : ", ends");
    }),
    /** Its answer is longer than one may be: unlike a command that is too long, it may have been done. */
    ANSWER_TOO_LONG(LIMIT_EXCEEDED + ", mayHaveExecuted: true", side -> {
        Future<String> sent = side.ask(side::changing, "sent");
        side.sent();
        side.answerTooLong();
        return meaning(sent);
    }),

    /** The peer breaks the framing, and this is all that is on its way. */
    BROKEN_ALONE(PROTOCOL_VIOLATION, side -> broken(side, side::changing).get(0)),
    /** The peer breaks the framing, and this is the oldest of all that are on their way. */
    BROKEN_OLDEST(
            PROTOCOL_VIOLATION,
            side -> broken(side, side::changing, side::reading).get(0)),
    /** The same, behind the oldest, for a command that changes nothing. */
    BROKEN_READING_BEHIND(
            CONNECTION_LOST, side -> broken(side, side::reading, side::reading).get(1)),
    /** The same, behind the oldest, for a command that changes something. */
    BROKEN_CHANGING_BEHIND(
            UNKNOWN_OUTCOME, side -> broken(side, side::reading, side::changing).get(1)),
    /** The peer breaks the framing among answers of another row; this is the oldest of its own. */
    BROKEN_BESIDE(
            CONNECTION_LOST, side -> broken(side, side::beside, side::reading).get(0)),
    /** The peer breaks the framing, and the answers may come in any order: nobody knows whose this was. */
    BROKEN_ONE_OF_TWO(
            UNKNOWN_OUTCOME + ", " + UNKNOWN_OUTCOME,
            side -> String.join(", ", broken(side, side::changing, side::changing))),

    /** The stream ends within an answer, as when a connection is cut: no fault of the peer's, and nobody's answer. */
    READING_IS_CUT(CONNECTION_LOST, side -> cut(side, side::reading)),
    /** The same for a command that changes something. */
    CHANGING_IS_CUT(UNKNOWN_OUTCOME, side -> cut(side, side::changing)),

    /** There is a peer, which says nothing from the beginning. */
    SILENT_HANDSHAKE(UNAVAILABLE, side -> {
        try (RawPeer.Door silent = new RawPeer.Door()) {
            return meaning(side.dialSilent(silent.endpoint()));
        }
    }),

    /** It comes when its caller has given up already. Nothing is sent. */
    TOO_LATE(UNAVAILABLE + ", goes on", side -> goesOn(side, side.askTooLate(side::next, "late"))),
    /** Its caller gives up while it waits for its turn. Nothing is sent. */
    WAITS_TOO_LONG(UNAVAILABLE + ", goes on", side -> {
        int before = side.fill();
        Future<String> waiting = side.askShortly(side::next, "waiting");
        Loop.await(waiting.otherwise(ANSWERED));
        for (int i = 0; i < before; i++) {
            side.hear();
            side.answer();
        }
        return goesOn(side, waiting);
    }),
    /** Its caller gives up when it was sent. */
    NOT_ANSWERED(TIMEOUT, side -> {
        Future<String> silence = side.askShortly(side::next, "silence");
        side.sent();
        return meaning(silence);
    }),
    /** The answer to a caller who gave up comes, and then that of the next. */
    ANSWERED_LATE(ANSWERED, Situation::answeredLate),
    /** The same, and the connection has counted the one that came late. */
    ANSWERED_LATE_COUNTED("1", side -> {
        answeredLate(side);
        return "" + side.loop.call(side::lateAnswers);
    });

    /** Lets it happen, and gives what the caller heard. */
    private interface Scene {
        String play(Side<?> side);
    }

    private final String wanted;
    private final Scene scene;

    Situation(Failure wanted, Scene scene) {
        this(wanted.name(), scene);
    }

    Situation(String wanted, Scene scene) {
        this.wanted = wanted;
        this.scene = scene;
    }

    /** What its caller is to hear. */
    String wanted() {
        return wanted;
    }

    /** What its caller hears. */
    String observed(Side<?> side) {
        if (this != SILENT_HANDSHAKE) {
            side.connect();
        }
        return scene.play(side);
    }

    private static String lost(Side<?> side, Command command, Runnable end) {
        Future<String> sent = side.ask(command, "sent");
        side.sent();
        end.run();
        return meaning(sent);
    }

    private static String cut(Side<?> side, Command command) {
        return lost(side, command, side::cutOff);
    }

    private static List<String> broken(Side<?> side, Command... commands) {
        List<Future<String>> all = new ArrayList<>();
        for (Command command : commands) {
            all.add(side.ask(command, "sent " + all.size()));
            side.sent();
        }
        side.breakFraming();
        return all.stream().map(Situation::meaning).toList();
    }

    private static String answeredLate(Side<?> side) {
        Future<String> first = side.askShortly(side::next, "first");
        meaning(first);
        Future<String> second = side.ask(side::next, "second");
        side.hear();
        side.hear();
        side.answer();
        if (second.isComplete()) {
            return "got another's answer";
        }
        side.answer();
        return meaning(second);
    }

    /** Whether nothing of {@code refused} was sent, and the next command is answered. */
    private static String goesOn(Side<?> side, Future<String> refused) {
        String meaning = meaning(refused);
        Future<String> next = side.ask(side::next, "next");
        if (!side.hear().equals("next")) {
            return meaning + ", and was sent";
        }
        side.answer();
        return meaning + (meaning(next).equals(ANSWERED) ? ", goes on" : ", ends");
    }

    /** What a future says on the bus. */
    private static String meaning(Future<String> outcome) {
        return Loop.await(outcome.otherwise(Situation::meaning));
    }

    /** With what is true of this one and not of its kind. */
    private static String meaning(Throwable cause) {
        ServiceException typed = Failure.of(cause);
        Failure failure = Failure.of(typed.failureCode());
        if (failure == null) {
            throw new AssertionError("no failure of ours: " + typed.failureCode(), cause);
        }
        boolean retryable = typed.getDebugInfo().getBoolean("retryable");
        boolean mayHaveExecuted = typed.getDebugInfo().getBoolean("mayHaveExecuted");
        return failure.name()
                + (retryable == failure.retryable() ? "" : ", retryable: " + retryable)
                + (mayHaveExecuted == failure.mayHaveExecuted() ? "" : ", mayHaveExecuted: " + mayHaveExecuted);
    }
}
