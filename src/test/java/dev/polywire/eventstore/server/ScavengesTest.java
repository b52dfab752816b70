package dev.polywire.eventstore.server;

import static dev.polywire.eventstore.server.SessionClient.ADMIN;
import static dev.polywire.eventstore.server.SessionClient.OPS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.polywire.eventstore.wire.ConnectionMessage.ScavengeDatabase;
import dev.polywire.eventstore.wire.ConnectionMessage.ScavengeDatabaseCompleted;
import dev.polywire.eventstore.wire.ConnectionMessage.ScavengeDatabaseResponse;
import dev.polywire.eventstore.wire.ConnectionMessage.ScavengeDatabaseResponse.ScavengeResult;
import dev.polywire.eventstore.wire.EventStoreMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One scavenge at a time, which takes a while. */
class ScavengesTest {

    private static final EventStoreMessage SCAVENGE = new ScavengeDatabase();

    private long nowMillis = 100;

    private SessionClient client(ServerVersion version) {
        return new SessionClient(new EventStoreNode(database(version)));
    }

    private EventStoreDatabase database(ServerVersion version) {
        return new EventStoreDatabase(version, () -> nowMillis, () -> nowMillis);
    }

    /** Six at one moment. */
    @Test
    void othersAreToldWhichOneRuns() {
        EventStoreDatabase database = database(ServerVersion.V5_0_11);
        SessionClient client = new SessionClient(new EventStoreNode(database));
        ScavengeDatabaseResponse first =
                (ScavengeDatabaseResponse) client.ask(SCAVENGE, ADMIN).get(0);
        assertEquals(ScavengeResult.STARTED, first.result());
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    List.of(new ScavengeDatabaseResponse(ScavengeResult.IN_PROGRESS, first.scavengeId())),
                    client.ask(SCAVENGE, OPS));
        }
        nowMillis += Scavenges.MILLIS;
        assertEquals(nowMillis, database.deadlineMillis());
        database.tick(nowMillis);
        ScavengeDatabaseResponse second =
                (ScavengeDatabaseResponse) client.ask(SCAVENGE, OPS).get(0);
        assertEquals(ScavengeResult.STARTED, second.result());
        assertNotEquals(first.scavengeId(), second.scavengeId());
    }

    /** 4.1 answers when it is done. */
    @Test
    void beforeVersion5TheAnswerIsTheEnd() {
        EventStoreDatabase database = database(ServerVersion.V4_1_4);
        SessionClient client = new SessionClient(new EventStoreNode(database));
        assertEquals(List.of(), client.ask(SCAVENGE, ADMIN));
        assertEquals(
                List.of(new ScavengeDatabaseCompleted(
                        ScavengeDatabaseCompleted.ScavengeResult.IN_PROGRESS, "Scavenge already in progress.", 0, 0)),
                client.ask(SCAVENGE, ADMIN));
        nowMillis += Scavenges.MILLIS;
        database.tick(nowMillis);
        assertEquals(
                List.of(new ScavengeDatabaseCompleted(
                        ScavengeDatabaseCompleted.ScavengeResult.SUCCESS, null, Scavenges.MILLIS, 0)),
                client.messages());
    }

    @Test
    void onlyOperatorsMay() {
        assertEquals(
                List.of(new ScavengeDatabaseResponse(ScavengeResult.UNAUTHORIZED, null)),
                client(ServerVersion.V5_0_11).ask(SCAVENGE));
        assertEquals(
                List.of(new ScavengeDatabaseCompleted(
                        ScavengeDatabaseCompleted.ScavengeResult.FAILED, "Access denied.", 0, 0)),
                client(ServerVersion.V4_1_4).ask(SCAVENGE));
    }
}
