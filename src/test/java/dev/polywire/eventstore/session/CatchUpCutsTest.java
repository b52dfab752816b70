package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.TcpCommand;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a catch-up subscription whose connection ends, wherever it is. */
@Timeout(60)
class CatchUpCutsTest {

    private static final EventSource STREAM = EventSource.stream("s");
    private static final FlowLimits TENS = new FlowLimits(10, 2_000, 100, 1_000_000);
    private static final int EVENTS = 200;

    /** How a connection ends. */
    enum End {
        RESET(room -> room.relay.reset()),
        /** The heartbeats find it. */
        HALF_OPEN(FlowRoom::halfOpen),
        GARBAGE(FlowRoom::garbage),
        /** A length, and nothing behind it that could be a package. */
        LENGTH(room -> room.relay.babble(new byte[] {0, 0, 0, 127, 1, 2, 3}));

        private final Consumer<FlowRoom> how;

        End(Consumer<FlowRoom> how) {
            this.how = how;
        }
    }

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @EnumSource
    void whileItIsBehind(End end) {
        room.write("s", 0, EVENTS);
        FlowReader reader = room.catchUp(STREAM, null, TENS);
        reader.pull(25);
        end.how.accept(room);
        goesOn(reader);
    }

    /** The server has confirmed it, and has not yet answered the read behind that. */
    @ParameterizedTest
    @EnumSource
    void atTheSeam(End end) {
        room.write("s", 0, EVENTS);
        int pages = EVENTS / TENS.pageSize();
        room.fail(FaultPlan.NONE.command(
                TcpCommand.READ_STREAM_EVENTS_FORWARD, pages + 1, new CommandFault.Delay(30_000)));
        FlowReader reader = room.catchUp(STREAM, null, TENS).all(100).awaitCount(EVENTS);
        room.write("s", EVENTS, 1);
        await().until(() -> room.store.server().counters().appliedFaults() > 0);
        end.how.accept(room);
        room.write("s", EVENTS + 1, 9);
        reader.awaitCount(EVENTS + 10).awaitLive().gave(0, EVENTS + 10);
    }

    @ParameterizedTest
    @EnumSource
    void whenItIsLive(End end) {
        room.write("s", 0, EVENTS);
        FlowReader reader =
                room.catchUp(STREAM, null, TENS).all(100).awaitCount(EVENTS).awaitLive();
        end.how.accept(room);
        room.write("s", EVENTS, 10);
        reader.awaitCount(EVENTS + 10).awaitLive();
        reader.gave(0, EVENTS + 10);
        assertTrue(room.ask(reader.catchUp()::restarts) >= 1);
    }

    private void goesOn(FlowReader reader) {
        reader.all(100).awaitCount(EVENTS).awaitLive();
        room.write("s", EVENTS, 10);
        reader.awaitCount(EVENTS + 10).gave(0, EVENTS + 10);
    }
}
