package dev.polywire.eventstore.client;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The recordings whose client does what ours never does, by the reason. All others are played from the first line to the last. */
final class ClientRecordings {

    /** So many there are. */
    static final int ALL = 248;

    private static final String MALFORMED = "bytes that are no package, or whose credentials are cut short";
    private static final String NO_MESSAGE =
            "a payload that is no message, or lacks fields, or has one that nobody knows";

    private static final Map<String, List<String>> NOT_AT_ALL = Map.of(
            MALFORMED,
            List.of(
                    "auth-empty-credentials",
                    "auth-truncated-login",
                    "auth-truncated-no-password-length",
                    "auth-truncated-password",
                    "half-package-then-close",
                    "length-1",
                    "length-17",
                    "length-17-after-ping",
                    "length-64MiB",
                    "length-min-int",
                    "length-negative"),
            NO_MESSAGE,
            List.of("unknown-fields"),
            "the id of no conversation",
            List.of("correlation-id-zero", "correlation-id-zero-all"),
            "the flag of a trusted node",
            List.of("flag-trusted-write", "flag-trusted-write-ping"),
            "no answer to a heartbeat, or one with another id",
            List.of("heartbeat-server-unanswered", "heartbeat-server-wrong-id"));

    /** What comes behind the line that is left out is played. */
    private static final Map<String, List<String>> IN_PART = Map.of(
            NO_MESSAGE,
            List.of(
                    "empty-payload-identify-client",
                    "empty-payload-read-all-events-forward",
                    "empty-payload-read-event",
                    "empty-payload-subscribe-to-stream",
                    "empty-payload-write-events",
                    "garbage-payload-connect-to-persistent-subscription",
                    "garbage-payload-delete-stream",
                    "garbage-payload-identify-client",
                    "garbage-payload-persistent-subscription-ack-events",
                    "garbage-payload-read-event",
                    "garbage-payload-read-stream-events-forward",
                    "garbage-payload-subscribe-to-stream",
                    "garbage-payload-write-events"),
            "a command that is no client's",
            List.of(
                    "unknown-command-00",
                    "unknown-command-05-prepare-ack",
                    "unknown-command-10-subscribe-replica",
                    "unknown-command-80-old-createstream",
                    "unknown-command-83-write-events-completed",
                    "unknown-command-ba-filtered-read-all",
                    "unknown-command-ff"),
            "an answer to nothing",
            List.of("pong-from-client"),
            "a connection that goes on after the server has refused its login",
            List.of("auth-bad-password"),
            "something before the answer to the login",
            List.of("auth-pipelined"),
            "a login behind something else, once more, or without credentials",
            List.of(
                    "auth-default-user",
                    "auth-without-flag",
                    "cluster-follower-subscriptions",
                    "identify-client-twice",
                    "identify-deleted-stream-number"),
            "another version than 1",
            List.of("identify-client-negative", "identify-client-v2"),
            "credentials where none are wanted",
            List.of("auth-flag-on-ping"),
            "the id of a conversation that goes on",
            List.of("ps-connect-same-id-twice", "subscribe-same-id-twice"));

    private ClientRecordings() {}

    static Set<String> notAtAll() {
        return names(NOT_AT_ALL);
    }

    static Set<String> inPart() {
        return names(IN_PART);
    }

    /** All are of 5.0.11. */
    private static Set<String> names(Map<String, List<String>> byReason) {
        Set<String> names = new TreeSet<>();
        byReason.values().forEach(each -> each.forEach(name -> names.add("5.0.11/" + name)));
        return names;
    }
}
