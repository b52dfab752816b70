package dev.polywire.eventstore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.CallException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What our client tells its callers, in the words of {@code outcomes.tsv}. */
final class OutcomeWords {

    private static final Map<TcpCommand, String> SHORT = Map.ofEntries(
            Map.entry(TcpCommand.WRITE_EVENTS, "Write"),
            Map.entry(TcpCommand.DELETE_STREAM, "Delete"),
            Map.entry(TcpCommand.TRANSACTION_START, "TxStart"),
            Map.entry(TcpCommand.TRANSACTION_WRITE, "TxWrite"),
            Map.entry(TcpCommand.TRANSACTION_COMMIT, "TxCommit"),
            Map.entry(TcpCommand.READ_EVENT, "ReadEvent"),
            Map.entry(TcpCommand.READ_STREAM_EVENTS_FORWARD, "Fwd"),
            Map.entry(TcpCommand.READ_STREAM_EVENTS_BACKWARD, "Bwd"),
            Map.entry(TcpCommand.READ_ALL_EVENTS_FORWARD, "AllFwd"),
            Map.entry(TcpCommand.READ_ALL_EVENTS_BACKWARD, "AllBwd"),
            Map.entry(TcpCommand.CREATE_PERSISTENT_SUBSCRIPTION, "CreatePs"),
            Map.entry(TcpCommand.UPDATE_PERSISTENT_SUBSCRIPTION, "UpdatePs"),
            Map.entry(TcpCommand.DELETE_PERSISTENT_SUBSCRIPTION, "DeletePs"));

    private OutcomeWords() {}

    /** A failure of a call. */
    static String of(TcpCommand asked, Throwable failure) {
        if (failure instanceof CallException unknown) {
            assertEquals(CallException.Reason.UNKNOWN_OUTCOME, unknown.reason());
            return of(asked, assertInstanceOf(EventStoreException.class, unknown.getCause()));
        }
        EventStoreException refused = assertInstanceOf(EventStoreException.class, failure);
        return switch (refused.reason()) {
            case BAD_REQUEST -> "BadRequest " + text(refused.text());
            case NOT_AUTHENTICATED -> "NotAuthenticated " + text(refused.text());
            case NOT_READY, NOT_LEADER, TOO_BUSY ->
                "NotHandled " + notHandled(refused.reason().word(), refused.leader());
            case WRONG_EXPECTED_VERSION ->
                SHORT.get(asked) + " WEV" + (asked == TcpCommand.WRITE_EVENTS ? " cv " + refused.currentVersion() : "");
            case ERROR, COMMIT_TIMEOUT ->
                SHORT.get(asked) + " " + refused.reason().word() + " '" + line(refused.text()) + "'";
            case FAIL, DOES_NOT_EXIST, ALREADY_EXISTS ->
                SHORT.get(asked) + " " + refused.reason().word() + " " + refused.text();
            default -> SHORT.get(asked) + " " + refused.reason().word();
        };
    }

    /** An answer, or what was said in a conversation. */
    static String of(EventStoreMessage said) {
        if (said instanceof WriteMessage written) {
            return of(written);
        }
        if (said instanceof ReadMessage read) {
            return of(read);
        }
        if (said instanceof PersistentMessage persistent) {
            return of(persistent);
        }
        return said instanceof SubscriptionMessage pushed ? of(pushed) : of((ConnectionMessage) said);
    }

    private static String of(WriteMessage said) {
        if (said instanceof WriteMessage.WriteEventsCompleted done) {
            return "Write Success" + numbers(done.firstEventNumber(), done.lastEventNumber(), done.preparePosition());
        }
        if (said instanceof WriteMessage.TransactionCommitCompleted done) {
            return "TxCommit Success"
                    + numbers(done.firstEventNumber(), done.lastEventNumber(), done.preparePosition());
        }
        if (said instanceof WriteMessage.DeleteStreamCompleted) {
            return "Delete Success";
        }
        return (said instanceof WriteMessage.TransactionStartCompleted ? "TxStart" : "TxWrite") + " Success";
    }

    private static String numbers(long first, long last, long preparePosition) {
        return " " + first + ".." + last + (preparePosition == -1 ? " positions -1" : "");
    }

    private static String of(ReadMessage said) {
        if (said instanceof ReadMessage.ReadEventCompleted read) {
            String event = event(read.event().event(), read.event().link());
            return "ReadEvent Success " + (event.equals("(no event)") ? "(empty event)" : event);
        }
        if (said instanceof ReadMessage.ReadStreamEventsCompleted read) {
            return (read.direction() == ReadDirection.FORWARD ? "Fwd" : "Bwd") + " Success "
                    + list(read.events().stream().map(each -> event(each.event(), each.link()))) + " next "
                    + read.nextEventNumber() + " last " + read.lastEventNumber() + " end " + read.isEndOfStream();
        }
        ReadMessage.ReadAllEventsCompleted read = (ReadMessage.ReadAllEventsCompleted) said;
        return (read.direction() == ReadDirection.FORWARD ? "AllFwd " : "AllBwd ")
                + list(read.events().stream().map(each -> event(each.event(), each.link())));
    }

    private static String list(Stream<String> events) {
        return events.collect(Collectors.joining(", ", "[", "]"));
    }

    private static String of(PersistentMessage said) {
        if (said instanceof PersistentMessage.PersistentSubscriptionConfirmation begun) {
            return "PsConfirmation '" + begun.subscriptionId() + "' last " + begun.lastEventNumber();
        }
        if (said instanceof PersistentMessage.PersistentSubscriptionStreamEventAppeared pushed) {
            return "Push " + event(pushed.event().event(), pushed.event().link()) + " retry " + pushed.retryCount();
        }
        if (said instanceof PersistentMessage.CreatePersistentSubscriptionCompleted) {
            return "CreatePs Success";
        }
        return said instanceof PersistentMessage.UpdatePersistentSubscriptionCompleted
                ? "UpdatePs Success"
                : "DeletePs Success";
    }

    private static String of(SubscriptionMessage said) {
        if (said instanceof SubscriptionMessage.SubscriptionConfirmation begun) {
            return "Confirmation last " + (begun.lastEventNumber() == null ? "absent" : begun.lastEventNumber());
        }
        if (said instanceof SubscriptionMessage.StreamEventAppeared pushed) {
            return "Event " + event(pushed.event().event(), pushed.event().link());
        }
        SubscriptionDropReason reason = ((SubscriptionMessage.SubscriptionDropped) said).reason();
        return "Dropped" + (reason == SubscriptionDropReason.UNSUBSCRIBED ? "" : " " + word(reason));
    }

    private static String of(ConnectionMessage said) {
        if (said instanceof ConnectionMessage.Pong pong) {
            return "Pong" + (pong.data().length() == 0 ? "" : " '" + pong.data() + "'");
        }
        if (said instanceof ConnectionMessage.BadRequest bad) {
            return "BadRequest " + text(bad.text());
        }
        if (said instanceof ConnectionMessage.NotHandled not) {
            return "NotHandled " + notHandled(word(not.reason()), not.leader());
        }
        if (said instanceof ConnectionMessage.ScavengeDatabaseResponse begun) {
            return "Scavenge " + word(begun.result());
        }
        if (said instanceof ConnectionMessage.ScavengeDatabaseCompleted done) {
            return "ScavengeDatabaseCompleted " + word(done.result())
                    + (done.result() == ConnectionMessage.ScavengeDatabaseCompleted.ScavengeResult.FAILED
                            ? " \"" + done.error() + "\""
                            : "");
        }
        return said.command().protocolName();
    }

    private static String event(@Nullable EventRecord event, @Nullable EventRecord link) {
        return (event == null ? "(no event)" : place(event)) + (link == null ? "" : " via link " + place(link));
    }

    private static String place(EventRecord event) {
        return event.eventNumber() + "@" + event.eventStreamId();
    }

    private static String notHandled(String reason, @Nullable LeaderInfo leader) {
        return leader == null
                ? reason
                : "NotMaster {tcp " + leader.externalTcpPort() + " http " + leader.httpPort() + "}";
    }

    private static String text(@Nullable String text) {
        return "text='" + line(text) + "'";
    }

    private static String line(@Nullable String text) {
        return text == null ? "" : text.replace("\n", "\\n");
    }

    /** As the protocol spells it. */
    private static String word(Enum<?> value) {
        return Stream.of(value.name().split("_"))
                .map(each -> each.charAt(0) + each.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
