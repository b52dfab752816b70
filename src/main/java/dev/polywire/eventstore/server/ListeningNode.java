package dev.polywire.eventstore.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.HttpLimits;
import dev.polywire.core.net.HttpResponder;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node of an {@link EventStoreServer}, with its listeners. It can be closed and opened again, at the same ports, while the streams
 * stay; what it does for clients depends on its role. All methods may be called on any thread; futures complete on the server's
 * context.
 */
public final class ListeningNode {

    private final Vertx vertx;
    private final EventStoreServer server;
    private final EventStoreNode node;
    private final NodeEndpoints endpoints;
    private final NodeHttp http;
    /** What closes the listeners that are open. */
    private final Deque<Supplier<Future<Void>>> open = new ArrayDeque<>();

    /** Ends with the last step that opens or closes: each waits for those before it. */
    private Future<Void> last = Future.succeededFuture();

    private volatile NodeAddress address;
    private volatile NodeRole role;

    ListeningNode(Vertx vertx, EventStoreServer server, EventStoreNode node, NodeEndpoints endpoints) {
        this.vertx = vertx;
        this.server = server;
        this.node = node;
        this.endpoints = endpoints;
        this.http = new NodeHttp(node);
        this.address = new NodeAddress(endpoints.host(), 0, 0, 0);
        this.role = node.role();
        node.address(address);
        node.reachable(false);
    }

    /** Where clients connect without TLS; 0: nowhere, or it was never open. */
    public int port() {
        return address.tcpPort();
    }

    /** Where clients connect with TLS; 0: nowhere, or it was never open. */
    public int securePort() {
        return address.secureTcpPort();
    }

    /** Where it answers HTTP; 0: nowhere, or it was never open. */
    public int httpPort() {
        return address.httpPort();
    }

    /** Its role: what {@link #become} has said last, or follower where another node has become the leader since. */
    public NodeRole role() {
        return role;
    }

    /** Changes its role, for its connections too. Of two leaders the earlier one becomes a follower. */
    public Future<Void> become(NodeRole role) {
        return server.on(() -> {
            node.role(role);
            server.tellRoles();
            return Future.succeededFuture();
        });
    }

    /** Lets things go wrong from now on; {@link FaultPlan#NONE} ends that. */
    public Future<Void> fail(FaultPlan plan) {
        return server.on(() -> {
            node.faults().plan(plan);
            return Future.succeededFuture();
        });
    }

    /**
     * Listens, at the ports it had before if there were any.
     *
     * @return fails with a {@link dev.polywire.core.net.ListenException} when one of them is taken; then none is open; with an {@link
     *     IllegalStateException} when the server is closed. Succeeds when it is open already
     */
    public Future<Void> open() {
        return server.on(this::openHere);
    }

    /**
     * Stops listening, and closes the node's connections. It keeps its role: other nodes go on as if nobody had noticed, until a
     * test says that another one leads.
     */
    public Future<Void> close() {
        return server.on(this::closeHere);
    }

    Future<Void> openHere() {
        return next(this::openNow);
    }

    Future<Void> closeHere() {
        return next(this::closeNow);
    }

    private Future<Void> next(Supplier<Future<Void>> step) {
        last = last.transform(before -> step.get());
        return last;
    }

    private Future<Void> openNow() {
        if (server.isClosed()) {
            return Future.failedFuture(new IllegalStateException("the server is closed (expected: an open one)"));
        }
        if (!open.isEmpty()) {
            return Future.succeededFuture();
        }
        NodeAddress was = address;
        return clients(endpoints.tcp(), was.tcpPort())
                .compose(tcp -> clients(endpoints.secureTcp(), was.secureTcpPort())
                        .compose(secure -> http(endpoints.http(), was.httpPort())
                                .map(web -> new NodeAddress(endpoints.host(), tcp, secure, web))))
                .onSuccess(at -> {
                    address = at;
                    node.address(at);
                    node.reachable(true);
                })
                .<Void>mapEmpty()
                .recover(taken -> closeNow().transform(closed -> Future.failedFuture(taken)));
    }

    private Future<Void> closeNow() {
        node.reachable(false);
        Future<Void> closed = Future.succeededFuture();
        while (!open.isEmpty()) {
            Future<Void> next = open.pop().get().otherwiseEmpty();
            closed = closed.compose(before -> next);
        }
        return closed;
    }

    void tellRole() {
        role = node.role();
    }

    private Future<Integer> clients(@Nullable EndpointOptions endpoint, int before) {
        if (endpoint == null) {
            return Future.succeededFuture(0);
        }
        Acceptor acceptor = new Acceptor(vertx, before == 0 ? endpoint : endpoint.at(before), "eventstore", Spi.NONE);
        return acceptor.listen(socket -> server.accept(socket, node), server::refuse)
                .onSuccess(port -> open.push(acceptor::close));
    }

    private Future<Integer> http(@Nullable EndpointOptions endpoint, int before) {
        if (endpoint == null) {
            return Future.succeededFuture(0);
        }
        HttpResponder responder =
                new HttpResponder(vertx, before == 0 ? endpoint : endpoint.at(before), HttpLimits.DEFAULT);
        return responder
                .listen(request -> Future.succeededFuture(http.answer(request)))
                .onSuccess(port -> open.push(responder::close));
    }
}
