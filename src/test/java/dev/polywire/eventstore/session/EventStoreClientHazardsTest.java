package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.LONG_MILLIS;
import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.ReadEventResult;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What hostile and broken servers send a client. Each outcome is that of a read in flight, which is asked again when the bytes were no
 * package; a second read follows, which must have its answer in any case.
 */
@Timeout(60)
class EventStoreClientHazardsTest {

    /** Behind the length, the command and the flags. */
    private static final int ID_AT = 6;

    private static final ReadMessage.ReadEvent QUESTION = new ReadMessage.ReadEvent("s", 0, false, false);

    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        Outcome.value(VERTX.close());
    }

    private static ClientAtWork client(ScriptedStore store, EventStoreClientOptions options) {
        return new ClientAtWork(
                VERTX, EndpointOptions.of("127.0.0.1", store.port()), EventStoreClusterOptions.NONE, options);
    }

    private static Buffer answer(UUID id, long number) {
        EventRecord event =
                new EventRecord("s", number, new UUID(3, 4), "t", 0, 0, Buffer.buffer("x"), Buffer.buffer(), 1L, 1L);
        return ScriptedStore.frame(
                id,
                new ReadMessage.ReadEventCompleted(
                        ReadEventResult.SUCCESS, new ResolvedIndexedEvent(event, null), null));
    }

    private static Buffer about(UUID id, Buffer stream) {
        return stream.copy().setBuffer(ID_AT, DotNetGuid.bytes(id));
    }

    /** The first question is answered with these pieces, others as they should be. */
    private static ScriptedStore once(Function<UUID, List<Buffer>> first) {
        boolean[] done = {false};
        return new ScriptedStore(asked -> {
            if (asked.command() != TcpCommand.READ_EVENT) {
                return List.of();
            }
            if (done[0]) {
                return List.of(answer(asked.correlationId(), 7));
            }
            done[0] = true;
            return first.apply(asked.correlationId());
        });
    }

    private static String outcome(Function<UUID, List<Buffer>> hazard, int connections) {
        try (ScriptedStore store = once(hazard);
                ClientAtWork work =
                        client(store, EventStoreClientOptions.of(null)).start()) {
            AsyncResult<?> first = Outcome.value(
                    work.send(QUESTION, Repetition.READ, LONG_MILLIS).transform(Future::succeededFuture));
            String outcome = first.succeeded() ? "answered" : words(first.cause());
            ReadMessage.ReadEventCompleted next =
                    (ReadMessage.ReadEventCompleted) Outcome.value(work.send(QUESTION, Repetition.READ, LONG_MILLIS));
            assertEquals(7, next.event().event().eventNumber());
            assertEquals(
                    connections,
                    store.commands().stream()
                            .filter(each -> each == TcpCommand.IDENTIFY_CLIENT)
                            .count());
            return outcome + ", stray " + work.on(work.client()::strayAnswers);
        }
    }

    private static String words(Throwable failure) {
        if (failure instanceof CallException lost) {
            return lost.reason() + (lost.getCause() instanceof ProtocolException why ? " by " + why.kind() : "");
        }
        return failure instanceof EventStoreException refused
                ? String.valueOf(refused.getMessage())
                : ((ProtocolException) failure).kind().toString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "E01, 'answered, stray 0', 2",
        "E03, 'answered, stray 0', 2",
        "E04, 'answered, stray 0', 2",
        "E05, 'answered, stray 0', 2",
        "E07, 'answered, stray 0', 2",
        "E09, 'DECODE, stray 0', 1",
        "E11, 'DECODE, stray 0', 1",
        "E12, 'DECODE, stray 0', 1",
        "E13, 'BadRequest: bad, stray 0', 1",
    })
    void hazards(String id, String expected, int connections) {
        Buffer stream = AbuseVectors.of("eventstore").get(id).bytes();
        assertEquals(expected, outcome(asked -> List.of(about(asked, stream)), connections));
        assertEquals(expected, outcome(asked -> Cuts.singleBytes(about(asked, stream)), connections));
    }

    /** E06, B3.11: a command that nobody knows is of one operation, or of nobody; the reader goes on. */
    @Test
    void anUnknownCommand() {
        Buffer unknown = Vectors.bytes("1200000077000102030405060708090a0b0c0d0e0f10");
        assertEquals("DECODE, stray 0", outcome(asked -> List.of(about(asked, unknown)), 1));
        assertEquals("answered, stray 1", outcome(asked -> List.of(unknown, answer(asked, 1)), 1));
    }

    /** E08 */
    @Test
    void answersToNobody() {
        Buffer stray = AbuseVectors.of("eventstore").get("E08").bytes();
        assertEquals("answered, stray 3", outcome(asked -> List.of(stray, stray, stray, answer(asked, 1)), 1));
        assertEquals(
                "answered, stray 1",
                outcome(asked -> List.of(answer(asked, 1), answer(asked, 2)), 1),
                "B2: a second completion");
    }

    /** E14, B3.8: asked again, with a pause. */
    @ParameterizedTest
    @EnumSource(
            value = NotHandledReason.class,
            names = {"NOT_READY", "TOO_BUSY", "NOT_LEADER"})
    void nodesThatCannotNow(NotHandledReason reason) {
        assertEquals(
                "answered, stray 0",
                outcome(
                        asked -> List.of(ScriptedStore.frame(asked, new ConnectionMessage.NotHandled(reason, null))),
                        1));
    }

    /** B2: {@code 08 02 41} is a NotHandled that cannot be read. */
    @Test
    void aNotHandledThatCannotBeRead() {
        Buffer odd = Vectors.bytes("15000000f1000102030405060708090a0b0c0d0e0f10080241");
        assertEquals("DECODE, stray 0", outcome(asked -> List.of(about(asked, odd)), 1));
    }

    /** B3.12: since 22.6 servers leave out what is zero. */
    @Test
    void zerosThatAreAbsent() {
        Buffer head = Vectors.bytes("14000000b1000102030405060708090a0b0c0d0e0f101200");
        assertEquals("answered, stray 0", outcome(asked -> List.of(about(asked, head)), 1));
    }

    /** E15 */
    @Test
    void numbersBeyond32Bits() {
        try (ScriptedStore store = once(asked -> List.of(answer(asked, Long.MAX_VALUE)));
                ClientAtWork work =
                        client(store, EventStoreClientOptions.of(null)).start()) {
            ReadMessage.ReadEventCompleted read = (ReadMessage.ReadEventCompleted)
                    Outcome.value(work.send(new ReadMessage.ReadEvent("s", 1L << 40, false, false)));
            assertEquals(Long.MAX_VALUE, read.event().event().eventNumber());
        }
    }

    /** The server's farewell has the id of nobody; its words say why the connection ended. */
    @Test
    void aFarewell() {
        Buffer farewell = ScriptedStore.frame(
                new UUID(0, 0), new ConnectionMessage.BadRequest("Connection pending send bytes is over the limit"));
        try (ScriptedStore store = once(asked -> List.of(farewell));
                ClientAtWork work =
                        client(store, EventStoreClientOptions.of(null)).start()) {
            assertInstanceOf(ReadMessage.ReadEventCompleted.class, Outcome.value(work.send(QUESTION)));
            CallException lost = assertInstanceOf(
                    CallException.class, Outcome.failure(work.send(write("s", -2, 1), Repetition.ONCE, 300)));
            assertEquals(CallException.Reason.TIMEOUT, lost.reason(), "nobody answers writes here");
        }
    }

    /** E16: what is longer than the limit fails the one who asked; the length is not believed, and nothing of it is kept. */
    @ParameterizedTest
    @CsvSource({"01000004", "00000008", "ffffff7f"})
    void anAnswerThatIsTooLong(String length) {
        Buffer head = Vectors.bytes(length + "b1000102030405060708090a0b0c0d0e0f10");
        assertEquals("LIMIT, stray 0", outcome(asked -> List.of(about(asked, head)), 2));
        assertEquals("LIMIT, stray 0", outcome(asked -> Cuts.singleBytes(about(asked, head)), 2));
    }

    /** The same to nobody: the read in flight is asked again. */
    @Test
    void anAnswerToNobodyThatIsTooLong() {
        Buffer head = Vectors.bytes("01000004b1000102030405060708090a0b0c0d0e0f10");
        assertEquals("answered, stray 1", outcome(asked -> List.of(head), 2));
    }

    /** E17: the id that was sent is the one that is read. */
    @Test
    void idsAreInDotNetsOrder() {
        UUID id = UUID.fromString("c181659f-800b-4b58-a85d-5fd3fdc523b9");
        Buffer frame = ScriptedStore.frame(id, new ConnectionMessage.HeartbeatRequest());
        assertEquals("1200000001009f6581c10b80584ba85d5fd3fdc523b9", Vectors.hex(frame));
        assertEquals(id, TcpPackage.read(frame, CredentialsLayout.PASSWORDS).correlationId());
    }

    /** E00, E18: answered with its id, though an answer is only half there. */
    @Test
    void heartbeatsAreAnswered() {
        UUID beat = new UUID(5, 6);
        Buffer request = ScriptedStore.frame(beat, new ConnectionMessage.HeartbeatRequest());
        try (ScriptedStore store = once(asked -> {
                    List<Buffer> pieces = new ArrayList<>(List.of(request));
                    pieces.add(answer(asked, 1));
                    return pieces;
                });
                ClientAtWork work =
                        client(store, EventStoreClientOptions.of(null)).start()) {
            Outcome.value(work.send(QUESTION));
            await().until(() -> store.heard().stream()
                    .anyMatch(each -> each.command() == TcpCommand.HEARTBEAT_RESPONSE
                            && each.correlationId().equals(beat)));
        }
    }

    /** F02: a server that says nothing more is found by a heartbeat, and another connection made. */
    @Test
    void aSilentServerIsFound() {
        EventStoreClientOptions quick = new EventStoreClientOptions(
                null,
                CredentialsLayout.PASSWORDS,
                null,
                new HeartbeatTimes(HeartbeatTimes.Rule.AFTER_SILENCE, 50, 50),
                10,
                5_000,
                TcpPackage.MAX_BYTES);
        try (ScriptedStore store = once(asked -> List.of());
                ClientAtWork work = client(store, quick).start()) {
            assertInstanceOf(ReadMessage.ReadEventCompleted.class, Outcome.value(work.send(QUESTION)));
            assertEquals(1, work.on(work.client()::repeated));
        }
    }
}
