package dev.polywire.bench;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;

/** An EventStore that reads and answers as ours does, with the same machine, and keeps nothing. */
final class NothingKept implements Server {

    @Override
    public Future<Integer> listen(Vertx vertx) {
        Acceptor acceptor = new Acceptor(vertx, EndpointOptions.of("127.0.0.1", 0), "eventstore", Spi.NONE);
        return acceptor.listen(accepted -> {
            EventStoreMachine machine = new EventStoreMachine(
                    EventStoreMachine.Role.SERVER,
                    CredentialsLayout.PASSWORDS,
                    HeartbeatTimes.SERVER,
                    UUID::randomUUID,
                    accepted.tap());
            accepted.attach(machine, open -> new Peer(open, machine));
        });
    }

    private static final class Peer extends Connection<EventStoreEvent> {

        private final EventStoreMachine machine;
        private long number;
        private long position;

        Peer(OpenSocket<EventStoreEvent> socket, EventStoreMachine machine) {
            super(socket);
            this.machine = machine;
        }

        @Override
        protected void event(EventStoreEvent event) {
            if (event instanceof EventStoreEvent.Message asked) {
                EventStoreMessage answer = answer(asked.message());
                if (answer != null) {
                    machine.send(asked.sent().correlationId(), answer);
                    socket().flush();
                }
            }
        }

        @Override
        protected void ended(RuntimeException cause) {}

        private EventStoreMessage answer(EventStoreMessage asked) {
            if (asked instanceof WriteMessage.WriteEvents write) {
                position += write.events().get(0).data().length();
                number++;
                return new WriteMessage.WriteEventsCompleted(
                        OperationResult.SUCCESS, null, number, number, position, position, 0L);
            }
            if (asked instanceof ConnectionMessage.Authenticate) {
                return new ConnectionMessage.Authenticated();
            }
            return asked instanceof ConnectionMessage.IdentifyClient ? new ConnectionMessage.ClientIdentified() : null;
        }
    }
}
