package dev.polywire.bench;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;

/** A Neo4j that knows one query, for any number of rows of an integer, a short string and a float. */
final class RowServer implements Server {

    static final List<String> FIELDS = List.of("number", "name", "diameter");
    static final String NAME = "Jupiter";
    static final double DIAMETER = 142_984.5;
    private static final List<Object> ROW = List.of(4_711L, NAME, DIAMETER);
    /** Before it looks whether the client reads. */
    private static final int ROWS_A_TURN = 1_000;

    static String query(int rows) {
        return "UNWIND range(1, " + rows + ") AS number RETURN number, 'Jupiter' AS name, 142984.5 AS diameter";
    }

    static int rows(String query) {
        return Integer.parseInt(query.substring(query.indexOf(", ") + 2, query.indexOf(')')));
    }

    @Override
    public Future<Integer> listen(Vertx vertx) {
        Acceptor acceptor = new Acceptor(vertx, EndpointOptions.of("127.0.0.1", 0), "bolt", Spi.NONE);
        return acceptor.listen(accepted -> {
            BoltServerMachine machine =
                    new BoltServerMachine(new BoltServerOptions("Neo4j/5.26.0", "c1"), accepted.tap());
            accepted.attach(machine, open -> new Peer(open, machine));
        });
    }

    private static final class Peer extends Connection<BoltServerEvent> {

        private final BoltServerMachine machine;
        private int left;
        private long pulling;
        private long wanted;

        Peer(OpenSocket<BoltServerEvent> socket, BoltServerMachine machine) {
            super(socket);
            this.machine = machine;
        }

        @Override
        protected void event(BoltServerEvent event) {
            if (event instanceof BoltServerEvent.Request asked) {
                if (asked.request() instanceof BoltRequest.Run run) {
                    left = RowServer.rows(run.query());
                    machine.success(asked.number(), Map.of("fields", FIELDS));
                } else if (asked.request() instanceof BoltRequest.Pull pull) {
                    pulling = asked.number();
                    wanted = pull.n() < 0 ? left : Math.min(left, pull.n());
                    rows();
                } else {
                    left = asked.request() instanceof BoltRequest.Discard ? 0 : left;
                    machine.success(asked.number(), Map.of());
                }
                socket().flush();
            }
        }

        @Override
        protected void drained() {
            rows();
        }

        @Override
        protected void ended(RuntimeException cause) {}

        private void rows() {
            while (pulling != 0 && !socket().writeQueueFull()) {
                for (int i = 0; i < ROWS_A_TURN && wanted > 0; i++) {
                    machine.record(pulling, ROW);
                    wanted--;
                    left--;
                }
                if (wanted == 0) {
                    machine.success(pulling, left > 0 ? Map.of("has_more", true) : Map.of("type", "r"));
                    pulling = 0;
                }
                socket().flush();
            }
        }
    }
}
