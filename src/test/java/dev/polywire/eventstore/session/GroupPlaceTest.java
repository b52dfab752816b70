package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a client takes its place in a group again. */
@Timeout(60)
class GroupPlaceTest {

    private final PersistentRoom room = new PersistentRoom();

    @AfterEach
    void close() {
        room.close();
    }

    /** Events are small again: it takes as many as it was made for, and nothing lapses by that. */
    @Test
    void whoTookLessTakesMoreAgain() {
        room.create(PersistentRoom.settings());
        Attended client = new Attended(room, 10_000, 8);
        client.connect();
        List<NewEvent> large = IntStream.range(0, 8)
                .mapToObj(each -> PersistentRoom.event("large".repeat(600)))
                .toList();
        room.ask(new WriteMessage.WriteEvents(PersistentRoom.STREAM, -2, large, true));
        await().until(() -> room.count("connected") == 3 && client.with(PersistentConsumer::unsettled) == 2);
        long lapsed = room.count("lapsed");
        client.acknowledges = true;
        long given = client.given.size();
        client.ack(given - 1);
        client.ack(given);
        room.write(150);
        await().until(() -> room.count("connected") == 5);
        await().until(() -> client.data().contains("149") && client.with(PersistentConsumer::unsettled) == 0);
        assertEquals(lapsed, room.count("lapsed"));
        client.acknowledges = false;
        room.write(150, 20);
        await().until(() -> client.with(PersistentConsumer::unsettled) == 8);
        room.balanceWith(8);
    }

    /** A node says that it is not the leader, and names itself: it is asked again. */
    @Test
    void aNodeThatNamesItselfIsAskedAgain() {
        room.create(PersistentRoom.settings());
        LeaderInfo itself = new LeaderInfo("127.0.0.1", room.relay.port(), "127.0.0.1", 1, null, null);
        room.fail(FaultPlan.NONE.command(
                TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION,
                1,
                new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.NOT_LEADER, itself))));
        Attended client = room.attend(1);
        room.write(1);
        client.awaits(1);
        assertEquals(1, room.relay.connections());
    }
}
