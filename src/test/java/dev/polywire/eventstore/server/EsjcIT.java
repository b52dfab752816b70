package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Esjc;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client of others, in a JVM of its own, sees our server as it sees EventStore 5.0.11. */
class EsjcIT {

    private static Vertx vertx;
    private static EventStoreServer server;
    private static Esjc esjc;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        esjc = Esjc.at(Future.<Integer>future(listening -> vertx.runOnContext(now -> {
                    server = new EventStoreServer(vertx, EndpointOptions.of("127.0.0.1", 0));
                    server.listen().onComplete(listening);
                }))
                .await());
    }

    @AfterAll
    static void stop() {
        esjc.close();
        server.close().await();
        vertx.close().await();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            append                | 0, two to 2, any 3, again 3, none 3, existing 4
            append large          | 3145728 bytes, the same: true
            append refused        | WrongExpectedVersionException, tried: WrongExpectedVersion, no stream: WrongExpectedVersionException, existing: WrongExpectedVersionException, events [0 1]
            transaction           | StreamNotFound, committed 2, events [0 1 2], late: WrongExpectedVersionException
            soft delete           | WrongExpectedVersionException, then StreamNotFound, next 3, events [3]
            hard delete           | StreamDeleted, event: StreamDeleted, append: StreamDeletedException, again: StreamDeletedException
            metadata              | version -1, then 0 of stable with at most 3: [2 3 4], truncated: [4]
            access                | admin reads [0], nobody reads: AccessDeniedException, writes: AccessDeniedException, reads $all: AccessDeniedException
            system settings       | AccessDeniedException, then accepted
            read event            | Success 1, last 2, event 3: NotFound, no stream: NoStream
            read what was written | id true, type true, data true binary, metadata true, stream true, of now true
            read forward          | Success [0 1] next 2 last 4; Success [3 4] next 5 last 4 end; Success [] next 5 last 4 end
            read backward         | Success [4 3] next 2 last 4; Success [1 0] next -1 last 4 end; Success [] next 4 last 4
            read nothing          | StreamNotFound [] next -1 last -1 end; StreamNotFound [] next -1 last -1 end
            iterate               | [0 1 2 3 4][4 3 2 1 0][1 2 3 4]
            links                 | 2@linked by 0@links, nothing by 1@links; 0@links, 1@links
            read all              | [2 1 0][0 1 2][] end true, first 1, next is later: true
            iterate all           | [0 1 2 3 4], positions grow and are the same backwards: true
            volatile              | after 1: 2 3, UserInitiated
            volatile of all       | 0 1, UserInitiated
            catch-up              | after 0: 1 2 3 4 live 5 6, UserInitiated
            catch-up of all       | 0 1 2 live 3 4, UserInitiated
            persistent            | Success: 0 1 2 3 4, UserInitiated
            persistent, settled   | 0 1 1/1 2 3, parked 0, then 4
            persistent, shared    | two each of 1 2 3 4, third: MaximumSubscribersReachedException
            persistent, managed   | missing: IllegalArgumentException, twice: IllegalStateException, consumed 0, updated Success: UserInitiated, deleted Success, again: IllegalStateException
            ponies                | 0 PonyJumped JSON: Derpy Hooves jumped 10 high, 13 far
            wrong password        | AuthenticationFailed, append: NotAuthenticatedException, nobody wrote: StreamNotFound
            """)
    void sees(String scenario, String outcome) {
        assertEquals(outcome, esjc.outcome(scenario));
    }

    @Test
    void goesOnWhenTheListenerIsBack() {
        assertEquals("0 1 live", esjc.outcome("reconnect"));
        ListeningNode node = server.nodes().get(0);
        node.close().await();
        node.open().await();
        assertEquals(
                "ConnectionClosed ClientReconnecting ClientConnected, appended 2, heard ConnectionClosed live 2",
                esjc.outcome("reconnected"));
    }
}
