package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.Transcript;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A recorded conversation, in which our server takes the place of the real one, on a virtual clock. */
final class ServerReplay {

    /** No recorded answer takes longer. */
    private static final long PATIENCE_MILLIS = 15_000;
    /** Between our time and the recorded one, which had a network and a busy machine. */
    private static final long TOLERANCE_MILLIS = 100;

    /** A client that had an answer before it said more has lost some time. */
    private static final long ROUND_TRIP_MILLIS = 1;

    private static final long EPOCH_MILLIS = 1_795_000_000_000L;

    private static final Pattern SILENCE = Pattern.compile(
            "(?:connection (\\d+): )?(?:no package from the server for|no (?:further )?reply within|only .* within)"
                    + " (\\d+) ms(?: @(\\d+)ms)?");
    private static final Pattern LATER = Pattern.compile("(\\d+) (s|ms) later");
    private static final Pattern CLOSED = Pattern.compile("server: connection closed \\(FIN\\)(?: @(\\d+)ms)?");
    private static final Pattern OPEN = Pattern.compile("connection open(?: @(\\d+)ms)?");
    private static final Pattern SHUTDOWN = Pattern.compile("HTTP POST /admin/shutdown as admin: 200 @(\\d+)ms");
    private static final Pattern REPLAY =
            Pattern.compile("HTTP (?:POST /subscriptions/.*/)?replayParked(?: as admin)?: 200");
    private static final Pattern CLOSES = Pattern.compile("client: closes connection(?: (\\d+))?");

    private final Transcript transcript;
    private final boolean aboutHeartbeats;
    private final Map<Integer, ReplayedClient> clients = new TreeMap<>();
    private final ServerMade made = new ServerMade();
    private final EventStoreDatabase database;
    private final ReplayedNodes nodes;
    private long nowMillis;
    private boolean heard;
    private int line;

    private ServerReplay(Transcript transcript) {
        this.transcript = transcript;
        this.aboutHeartbeats = transcript.name().contains("/heartbeat-");
        ServerVersion version = transcript.name().startsWith("4.1.4/") ? ServerVersion.V4_1_4 : ServerVersion.V5_0_11;
        this.database = new EventStoreDatabase(version, () -> EPOCH_MILLIS + nowMillis, () -> nowMillis);
        this.nodes = new ReplayedNodes(database, transcript.name());
        RecordingNotes.writeHistory(transcript, database.store());
    }

    /** Fails where our server says something else. */
    static void of(Transcript transcript) {
        ServerReplay replay = new ServerReplay(transcript);
        for (Transcript.Line each : transcript.lines()) {
            replay.line++;
            replay.reach(replay.nowMillis + RecordingNotes.pauseMillis(transcript, replay.line));
            replay.play(each);
        }
        replay.clients.values().forEach(client -> assertNull(client.answers().peek(), "more than recorded"));
    }

    private void play(Transcript.Line each) {
        switch (each.from()) {
            case 'C' -> {
                reach(Math.max(millis(each.time()), nowMillis + (heard ? ROUND_TRIP_MILLIS : 0)));
                heard = false;
                client(each.connection()).receive(asked(each), nowMillis);
            }
            case 'S' -> {
                answered(each);
                heard = true;
                reach(millis(each.time()));
            }
            default -> happened(each.text());
        }
    }

    private ReplayedClient client(int connection) {
        return clients.computeIfAbsent(connection, first -> new ReplayedClient(nodes.of(connection), nowMillis));
    }

    /** The bytes of the recording, with our server's values in the place of the real one's. */
    private Buffer asked(Transcript.Line each) {
        Buffer bytes = each.isPackage() ? each.bytes() : Vectors.bytes(each.text());
        try {
            TcpPackage sent = TcpPackage.read(bytes, CredentialsLayout.PASSWORDS);
            EventStoreMessage recorded = EventStoreMessage.read(sent.command(), sent.payload());
            EventStoreMessage ours = made.asked(recorded);
            return ours.equals(recorded)
                    ? bytes
                    : new TcpPackage(
                                    sent.commandNumber(),
                                    sent.trusted(),
                                    sent.correlationId(),
                                    sent.credentials(),
                                    ours.payload())
                            .write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
        } catch (RuntimeException bad) {
            // No package, an unknown command, or no message: it is sent as it is.
            return bytes;
        }
    }

    private void answered(Transcript.Line each) {
        TcpPackage recorded = TcpPackage.read(each.bytes(), CredentialsLayout.PASSWORDS);
        ReplayedClient.Answer answer =
                next(client(each.connection()), recorded.correlationId(), nowMillis + PATIENCE_MILLIS);
        assertNotNull(answer, () -> where("nothing, expected: " + recorded));
        TcpPackage ours = answer.sent();
        assertEquals(recorded.command(), ours.command(), () -> where(words(recorded) + "\n but was " + words(ours)));
        if (recorded.command() == TcpCommand.HEARTBEAT_REQUEST) {
            assertEquals(millis(each.time()), answer.atMillis(), TOLERANCE_MILLIS, where("heartbeat"));
            return;
        }
        assertEquals(recorded.correlationId(), ours.correlationId(), () -> where("correlation id"));
        EventStoreMessage expected = message(recorded);
        EventStoreMessage said = message(ours);
        EventStoreMessage inItsWords;
        try {
            inItsWords = made.answered(expected, said);
        } catch (AssertionError other) {
            throw new AssertionError(where(other.getMessage() + "\n" + words(recorded) + "\n" + words(ours)), other);
        }
        assertEquals(
                Vectors.hex(recorded.payload()),
                Vectors.hex(inItsWords.payload()),
                () -> where(words(recorded) + "\n but was " + words(ours)));
    }

    private static EventStoreMessage message(TcpPackage sent) {
        return EventStoreMessage.read(sent.command(), sent.payload());
    }

    private static String words(TcpPackage sent) {
        try {
            return sent.command() + " " + message(sent);
        } catch (ProtocolException unreadable) {
            return String.valueOf(sent);
        }
    }

    /** The next answer of the server that is no heartbeat; where these matter, that one, too. */
    private ReplayedClient.@Nullable Answer next(ReplayedClient client, UUID wanted, long untilMillis) {
        ReplayedClient.Answer answer = taken(client, wanted);
        while (answer == null && nextDeadline() <= untilMillis) {
            pass(nextDeadline());
            answer = taken(client, wanted);
        }
        return answer;
    }

    private ReplayedClient.@Nullable Answer taken(ReplayedClient client, UUID wanted) {
        clients.values().forEach(this::answerHeartbeats);
        if (RecordingNotes.isUnordered(transcript)) {
            client.answers().stream()
                    .filter(answer -> answer.sent().correlationId().equals(wanted))
                    .findFirst()
                    .ifPresent(answer -> {
                        client.answers().remove(answer);
                        client.answers().addFirst(answer);
                    });
        }
        return client.answers().poll();
    }

    private void answerHeartbeats(ReplayedClient client) {
        ReplayedClient.Answer first = client.answers().peek();
        while (!aboutHeartbeats && first != null && first.sent().command() == TcpCommand.HEARTBEAT_REQUEST) {
            client.answers().remove();
            client.receive(
                    TcpPackage.of(first.sent().correlationId(), new ConnectionMessage.HeartbeatResponse(), null)
                            .write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES),
                    nowMillis);
            first = client.answers().peek();
        }
    }

    private long nextDeadline() {
        return clients.values().stream()
                .mapToLong(ReplayedClient::deadlineMillis)
                .reduce(database.deadlineMillis(), Math::min);
    }

    /** Lets time pass; heartbeats are answered on the way. */
    private void reach(long atMillis) {
        while (nextDeadline() <= atMillis) {
            pass(nextDeadline());
            clients.values().forEach(this::answerHeartbeats);
        }
        nowMillis = Math.max(nowMillis, atMillis);
    }

    private void pass(long atMillis) {
        nowMillis = Math.max(nowMillis, atMillis);
        database.tick(nowMillis);
        clients.values().forEach(client -> client.tick(nowMillis));
    }

    private void happened(String text) {
        Matcher silence = SILENCE.matcher(text);
        Matcher later = LATER.matcher(text);
        Matcher closed = CLOSED.matcher(text);
        Matcher open = OPEN.matcher(text);
        Matcher closes = CLOSES.matcher(text);
        Matcher shutdown = SHUTDOWN.matcher(text);
        if (silence.matches()) {
            reach(nowMillis + Long.parseLong(silence.group(2)));
            nothing(silence.group(1) == null ? null : client(number(silence.group(1))));
        } else if (later.matches()) {
            reach(nowMillis + Long.parseLong(later.group(1)) * (later.group(2).equals("s") ? 1_000 : 1));
        } else if (closed.matches()) {
            reach(closed.group(1) == null ? nowMillis : Long.parseLong(closed.group(1)));
            assertTrue(clients.values().stream().allMatch(ReplayedClient::isClosed), () -> where("is open"));
        } else if (open.matches()) {
            reach(open.group(1) == null ? nowMillis : Long.parseLong(open.group(1)));
            assertFalse(client(1).isClosed(), () -> where("is closed"));
        } else if (closes.matches()) {
            ReplayedClient gone = client(closes.group(1) == null ? 1 : number(closes.group(1)));
            gone.end();
        } else if (text.equals("the master process is killed @2ms")) {
            nodes.leaderIsKilled();
        } else if (shutdown.matches()) {
            reach(Long.parseLong(shutdown.group(1)));
            clients.values().forEach(client -> client.session().shutDown());
        } else if (REPLAY.matcher(text).matches()) {
            String stream = transcript.name().substring(transcript.name().indexOf('/') + 1);
            assertTrue(database.groups().replayParked(stream, "g"), () -> where("no group"));
        } else if (text.equals("client: shuts its sending side")) {
            client(1).shutDown(nowMillis);
        } else {
            fail(where("not understood: " + text));
        }
    }

    private void nothing(@Nullable ReplayedClient only) {
        clients.values().forEach(this::answerHeartbeats);
        clients.values().stream()
                .filter(client -> only == null || client == only)
                .forEach(client -> assertNull(client.answers().peek(), () -> where("something was sent")));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static long millis(String time) {
        return time.isEmpty() ? 0 : Long.parseLong(time.substring(1, time.length() - 2));
    }

    private String where(String what) {
        return transcript.name() + ", line " + line + ": " + what;
    }
}
