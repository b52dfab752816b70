package dev.polywire.eventstore.server;

import static dev.polywire.eventstore.server.SessionClient.ADMIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.store.EventFilter;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.ConnectionMessage.BadRequest;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionConfirmation;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionDropped;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who subscribes hears of what is written from then on. */
class VolatileSubscriptionsTest {

    private static final List<EventStoreMessage> UNSUBSCRIBED =
            List.of(new SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED));
    private static final EventStoreMessage UNSUBSCRIBE = new SubscriptionMessage.UnsubscribeFromStream();
    /** It costs a million comparisons to look at a thousand characters, unless they begin with z. */
    private static final String DEAR = "^z(abc){333}";

    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);

    private final EventStoreDatabase database = SessionClient.database(ServerVersion.V20_10);
    private final EventStoreNode node = new EventStoreNode(database);
    private final SessionClient client = new SessionClient(node);
    private final VolatileSubscriptions subscriptions = database.subscriptions();

    private void write(String stream, String type) {
        write(stream, type, "{}");
    }

    private void write(String stream, String type, String data) {
        database.store()
                .write(
                        stream,
                        -2,
                        List.of(new NewEvent(
                                UUID.randomUUID(), type, NewEvent.JSON, Buffer.buffer(data), Buffer.buffer())));
    }

    private List<EventStoreMessage> subscribe(UUID id, String stream) {
        return client.ask(id, new SubscriptionMessage.SubscribeToStream(stream, false), ADMIN);
    }

    private List<EventStoreMessage> filter(Filter.Context context, Filter.Type type, int interval, String... data) {
        return client.ask(
                ONE,
                new SubscriptionMessage.FilteredSubscribeToStream(
                        "", false, new Filter(context, type, List.of(data)), interval),
                ADMIN);
    }

    /** What was pushed: events by number and stream, checkpoints as such. */
    private List<String> pushed() {
        return client.messages().stream().map(VolatileSubscriptionsTest::words).toList();
    }

    private static String words(EventStoreMessage message) {
        if (message instanceof SubscriptionMessage.StreamEventAppeared appeared) {
            ResolvedEvent event = appeared.event();
            return event.event() == null
                    ? "nothing"
                    : event.event().eventNumber() + "@" + event.event().eventStreamId()
                            + (event.link() == null ? "" : " by " + event.link().eventNumber());
        }
        return message instanceof SubscriptionMessage.CheckpointReached ? "checkpoint" : message.toString();
    }

    @Test
    void whatWasBeforeIsInTheConfirmation() {
        write("a", "t");
        write("a", "t");
        long last = database.store().lastCommit();
        assertEquals(List.of(new SubscriptionConfirmation(last, 1L)), subscribe(ONE, "a"));
        assertEquals(List.of(new SubscriptionConfirmation(last, -1L)), subscribe(TWO, "b"));
        assertEquals(List.of(new SubscriptionConfirmation(last, null)), subscribe(TWO, ""));
        write("a", "t");
        assertEquals(List.of("2@a", "2@a"), pushed());
        write("b", "t");
        assertEquals(List.of("0@b", "0@b"), pushed());
    }

    @Test
    void thePositionOfAnEventComesWithIt() {
        subscribe(ONE, "a");
        write("a", "t");
        SubscriptionMessage.StreamEventAppeared pushed = assertInstanceOf(
                SubscriptionMessage.StreamEventAppeared.class, client.messages().get(0));
        Position position = pushed.event().position();
        assertEquals(position, database.store().event("a", 0).position());
    }

    @Test
    void whoMayNotReadIsTold() {
        assertEquals(
                List.of(new SubscriptionDropped(SubscriptionDropReason.ACCESS_DENIED)),
                client.ask(new SubscriptionMessage.SubscribeToStream("$secret", false)));
        assertEquals(
                List.of(new SubscriptionDropped(SubscriptionDropReason.ACCESS_DENIED)),
                client.ask(new SubscriptionMessage.SubscribeToStream("", false)));
        assertEquals(0, subscriptions.size());
    }

    /** The id belongs to the last one that took it; others go on until their client goes. */
    @Test
    void twoWithOneId() {
        subscribe(ONE, "a");
        subscribe(ONE, "b");
        SessionClient other = new SessionClient(node);
        assertEquals(List.of(), other.ask(ONE, UNSUBSCRIBE, null));
        assertEquals(UNSUBSCRIBED, client.messages());
        write("a", "t");
        write("b", "t");
        assertEquals(List.of("0@a"), pushed());
        assertEquals(List.of(), client.ask(ONE, UNSUBSCRIBE, null));
        write("a", "t");
        assertEquals(List.of("1@a"), pushed());
        client.session.end();
        assertEquals(0, subscriptions.size());
    }

    @Test
    void unknownIdsAreNotAnswered() {
        assertEquals(List.of(), client.ask(TWO, UNSUBSCRIBE, null));
    }

    @Test
    void whoIsGoneGetsNothing() {
        subscribe(ONE, "a");
        subscribe(TWO, "");
        client.session.end();
        write("a", "t");
        assertEquals(List.of(), client.messages());
        assertEquals(0, subscriptions.size());
    }

    /** While an event goes to all, some of them go. */
    @Test
    void oneEndsWhileAnotherIsPushed() {
        SessionClient killer = new SessionClient(node);
        subscribe(ONE, "a");
        killer.onSend = () -> client.session.end();
        killer.ask(TWO, new SubscriptionMessage.SubscribeToStream("", false), ADMIN);
        client.messages();
        write("a", "t");
        assertEquals(List.of(), client.messages());
        assertEquals(1, subscriptions.size());
    }

    /** Being told that one subscription is over may be too much for a client: then its others are over, too, once each. */
    @Test
    void oneEndsWhileItIsToldThatItsOthersAreOver() {
        subscribe(ONE, "a");
        subscribe(TWO, "b");
        client.onSend = client.session::end;
        subscriptions.drop(client.session);
        assertEquals(0, subscriptions.size());
    }

    /** It may be large. */
    @Test
    void aLinkIsReadOnceForAll() {
        AppearedEvent appeared = new AppearedEvent(database.store(), link());
        SubscriptionMessage.StreamEventAppeared first =
                (SubscriptionMessage.StreamEventAppeared) appeared.message(true, true);
        database.store().deleteForEver("t", -2);
        assertEquals(first, appeared.message(true, true));
        assertEquals("0@t by 0", words(first));
        assertEquals("0@l", words(appeared.message(false, true)));
    }

    private StoredEvent link() {
        write("t", "x");
        write("l", "$>", "0@t");
        return Objects.requireNonNull(database.store().event("l", 0));
    }

    @Test
    void linksLeadToTheirTargets() {
        write("t", "x");
        client.ask(ONE, new SubscriptionMessage.SubscribeToStream("l", true), ADMIN);
        write("l", "$>", "0@t");
        write("l", "$>", "9@t");
        write("l", "x", "0@t");
        assertEquals(List.of("0@t by 0", "nothing", "2@l"), pushed());
    }

    // ---- filters

    @ParameterizedTest
    @CsvSource({
        "STREAM_ID, PREFIX, a, '0@a 0@ab'",
        "STREAM_ID, PREFIX, b, '0@b'",
        "EVENT_TYPE, PREFIX, t, '0@a 0@b'",
        "STREAM_ID, REGEX, ^[^$], '0@a 0@ab 0@b'",
        "EVENT_TYPE, REGEX, ^u$, '0@ab 0@$s'",
    })
    void filters(Filter.Context context, Filter.Type type, String data, String expected) {
        SubscriptionConfirmation confirmed = assertInstanceOf(
                SubscriptionConfirmation.class, filter(context, type, 100, data).get(0));
        assertNull(confirmed.lastEventNumber());
        write("a", "t");
        write("ab", "u");
        write("b", "t");
        write("$s", "u");
        assertEquals(expected, String.join(" ", pushed()));
    }

    /** Each event counts, whether it passes or not. */
    @Test
    void checkpoints() {
        filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, 2, "a");
        for (String stream : "b b a b a".split(" ")) {
            write(stream, "t");
        }
        assertEquals(List.of("checkpoint", "0@a", "checkpoint", "1@a"), pushed());
        assertEquals(UNSUBSCRIBED, client.ask(ONE, UNSUBSCRIBE, null));
    }

    @ParameterizedTest
    @CsvSource({"REGEX, 1, (", "REGEX, 1, (?=a)", "REGEX, 0, a", "PREFIX, -1, a"})
    void whatIsNoFilter(Filter.Type type, int interval, String data) {
        BadRequest refused = assertInstanceOf(
                BadRequest.class,
                filter(Filter.Context.STREAM_ID, type, interval, data).get(0));
        assertTrue(
                refused.text().startsWith("Could not unwrap network package for command FilteredSubscribeToStream.\n"));
        assertEquals(0, subscriptions.size());
    }

    // ---- bounds

    private static final List<EventStoreMessage> TOO_BUSY =
            List.of(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null));

    @Test
    void ofOneClient() {
        for (int i = 0; i < VolatileSubscriptions.MAX_OF_CLIENT; i++) {
            subscribe(new UUID(1, i), "a");
        }
        assertEquals(TOO_BUSY, subscribe(TWO, "a"));
        assertEquals(VolatileSubscriptions.MAX_OF_CLIENT, subscriptions.size());
        assertEquals(1, database.counters().tooBusyAnswers());
        SessionClient other = new SessionClient(node);
        assertInstanceOf(
                SubscriptionConfirmation.class,
                other.ask(TWO, new SubscriptionMessage.SubscribeToStream("a", false), null)
                        .get(0));
        client.ask(new UUID(1, 5), UNSUBSCRIBE, null);
        assertInstanceOf(SubscriptionConfirmation.class, subscribe(TWO, "a").get(0));
    }

    @Test
    void ofNames() {
        String half = "x".repeat((int) (VolatileSubscriptions.MAX_CHARACTERS / 2));
        subscribe(ONE, half);
        subscribe(ONE, half);
        assertEquals(TOO_BUSY, subscribe(TWO, "a"));
        client.ask(ONE, UNSUBSCRIBE, null);
        assertInstanceOf(SubscriptionConfirmation.class, subscribe(TWO, "a").get(0));
    }

    /** What one event may cost. */
    @Test
    void ofFilters() {
        int refused = 0;
        for (int i = 0; i < 30; i++) {
            refused += filter(Filter.Context.STREAM_ID, Filter.Type.REGEX, 1, "(abc){450}")
                            .equals(TOO_BUSY)
                    ? 1
                    : 0;
        }
        assertTrue(refused > 5 && refused < 25, refused + " of 30");
    }

    /** What one write may cost: who costs most is told, others go on. */
    @Test
    void ofOneWrite() {
        filter(Filter.Context.EVENT_TYPE, Filter.Type.REGEX, 1_000, DEAR);
        SessionClient other = new SessionClient(node);
        other.ask(
                TWO,
                new SubscriptionMessage.FilteredSubscribeToStream(
                        "", false, new Filter(Filter.Context.EVENT_TYPE, Filter.Type.REGEX, List.of("^t1")), 1_000),
                ADMIN);
        writeTypes(number -> "t" + number + "x".repeat(1_000));
        BadRequest dear = assertInstanceOf(BadRequest.class, client.messages().get(0));
        assertTrue(dear.text().startsWith("filter: too many comparisons"), dear.text());
        assertEquals(1, subscriptions.size());
        assertEquals(111, other.messages().size());
    }

    @Test
    void whatIsAlikeIsLookedAtOnce() {
        filter(Filter.Context.EVENT_TYPE, Filter.Type.REGEX, 1_000, DEAR);
        filter(Filter.Context.STREAM_ID, Filter.Type.REGEX, 1_000, DEAR);
        for (int i = 0; i < 2; i++) {
            writeTypes(number -> "x".repeat(1_000));
        }
        assertEquals(2, subscriptions.size());
    }

    @Test
    void eachWriteMayCostAsMuch() {
        filter(Filter.Context.EVENT_TYPE, Filter.Type.REGEX, 1_000, DEAR);
        long looks = FilterCosts.MAX_OF_WRITE
                * 2
                / 3
                / EventFilter.of(new Filter(Filter.Context.EVENT_TYPE, Filter.Type.REGEX, List.of(DEAR)))
                        .steps()
                / 1_000;
        for (int i = 0; i < 2; i++) {
            writeTypes(number -> (number < looks && number % 2 == 0 ? "y" : "x").repeat(1_000));
        }
        assertEquals(1, subscriptions.size());
    }

    private void writeTypes(IntFunction<String> type) {
        database.store()
                .write(
                        "a",
                        -2,
                        IntStream.range(0, 200)
                                .mapToObj(number -> new NewEvent(
                                        UUID.randomUUID(),
                                        type.apply(number),
                                        NewEvent.JSON,
                                        Buffer.buffer(),
                                        Buffer.buffer()))
                                .toList());
    }
}
