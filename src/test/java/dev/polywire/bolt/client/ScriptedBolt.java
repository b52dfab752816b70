package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.ScriptedConnection;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;

/**
 * A Bolt server in the test's hands. What the script leaves to it: {@code rows N} is N rows of one integer, {@code fail CODE}
 * fails, any other query is one row with its own text; all else succeeds.
 */
public final class ScriptedBolt {

    /** All requests of all clients, as they came: {@code 1 RUN}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public final List<Peer> peers = new CopyOnWriteArrayList<>();
    public final int port;
    private final Acceptor acceptor;
    private volatile BiPredicate<Peer, BoltServerEvent.Request> script = (peer, request) -> false;
    private volatile BoltServerOptions options;

    /** One client. */
    public static final class Peer extends ScriptedConnection<BoltServerEvent> {

        public final BoltServerMachine machine;
        private final ScriptedBolt server;
        private final Map<Long, Integer> left = new LinkedHashMap<>();
        private String query = "";
        /** The last query of the open transaction; null: there is none. */
        private String uncommitted;

        private long qid;

        private Peer(OpenSocket<BoltServerEvent> socket, ScriptedBolt server, int number, BoltServerMachine machine) {
            super(socket, number);
            this.server = server;
            this.machine = machine;
        }

        public void success(BoltServerEvent.Request request, Map<String, Object> metadata) {
            machine.success(request.number(), metadata);
            goOn();
        }

        public void failure(BoltServerEvent.Request request, String code) {
            machine.failure(request.number(), new BoltResponse.Failure(code, "as the test says"));
            goOn();
        }

        /** What came behind waits for the answer. */
        private void goOn() {
            socket().flush();
            socket().proceed();
        }

        @Override
        protected void event(BoltServerEvent event) {
            if (event instanceof BoltServerEvent.Request request) {
                server.asked.add(number() + " " + request.request().message());
                if (!server.script.test(this, request)) {
                    answer(request);
                }
                socket().flush();
            }
        }

        @Override
        protected void ended(RuntimeException cause) {}

        private void answer(BoltServerEvent.Request asked) {
            long number = asked.number();
            BoltRequest request = asked.request();
            if (request instanceof BoltRequest.Run run) {
                query = run.query();
                if (query.startsWith("fail ")) {
                    failure(asked, query.substring(5));
                    return;
                }
                qid = machine.state().name().startsWith("TX") ? qid : 0;
                left.put(qid++, query.startsWith("rows ") ? Integer.parseInt(query.substring(5)) : 1);
                machine.success(number, Map.of("fields", List.of("value")));
            } else if (request instanceof BoltRequest.Pull pull) {
                rows(number, pull.n(), pull.qid(), true);
            } else if (request instanceof BoltRequest.Discard discard) {
                rows(number, discard.n(), discard.qid(), false);
            } else if (request instanceof BoltRequest.Begin || request instanceof BoltRequest.Reset) {
                qid = 0;
                machine.success(number, Map.of());
            } else if (request instanceof BoltRequest.Commit) {
                machine.success(number, Map.of("bookmark", "bookmark " + number()));
            } else {
                machine.success(number, Map.of());
            }
        }

        private void rows(long number, long n, long of, boolean send) {
            int there = left.get(of);
            int count = n < 0 ? there : (int) Math.min(n, there);
            for (int i = 0; send && i < count; i++) {
                machine.record(number, List.of(query.startsWith("rows ") ? there - i : query));
            }
            left.put(of, there - count);
            machine.success(number, there > count ? Map.of("has_more", true) : Map.of("type", "r"));
        }
    }

    public ScriptedBolt(Loop loop) {
        this(loop, EndpointOptions.of("127.0.0.1", 0));
    }

    public ScriptedBolt(Loop loop, EndpointOptions endpoint) {
        this(loop.vertx(), loop, endpoint, new BoltServerOptions("Neo4j/test", "c1"));
    }

    public ScriptedBolt(Loop loop, BoltServerOptions options) {
        this(loop.vertx(), loop, EndpointOptions.of("127.0.0.1", 0), options);
    }

    private ScriptedBolt(Vertx vertx, Loop loop, EndpointOptions endpoint, BoltServerOptions options) {
        this.options = options;
        this.acceptor = new Acceptor(vertx, endpoint, "bolt", Spi.NONE);
        this.port = loop.join(() -> acceptor.listen(accepted -> {
            BoltServerMachine machine = new BoltServerMachine(this.options, accepted.tap());
            peers.add(accepted.attach(machine, open -> new Peer(open, this, peers.size() + 1, machine)));
        }));
    }

    /** @param script true: it has answered itself, or never will */
    public ScriptedBolt script(BiPredicate<Peer, BoltServerEvent.Request> script) {
        this.script = script;
        return this;
    }

    /** @param executed gets each query that took effect: outside of transactions when it is asked, else with COMMIT */
    public ScriptedBolt noting(Set<String> executed) {
        return script((peer, asked) -> {
            BoltRequest request = asked.request();
            if (request instanceof BoltRequest.Run run && peer.uncommitted == null) {
                executed.add(run.query());
            } else if (request instanceof BoltRequest.Run run) {
                peer.uncommitted = run.query();
            } else if (request instanceof BoltRequest.Begin) {
                peer.uncommitted = "";
            } else if (request instanceof BoltRequest.Commit) {
                executed.add(peer.uncommitted);
                peer.uncommitted = null;
            } else if (request instanceof BoltRequest.Rollback || request instanceof BoltRequest.Reset) {
                peer.uncommitted = null;
            }
            return false;
        });
    }

    public EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", port);
    }
}
