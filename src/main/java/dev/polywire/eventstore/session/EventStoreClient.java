package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.StandingRefusal;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.MemberAddress;
import dev.polywire.eventstore.wire.NodePreference;
import dev.polywire.eventstore.wire.PageSize;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection to a node up, and sends operations on it, again where that is right. A node that is not the leader and names it makes
 * the connection move there; with another preference than LEADER, what the leader alone does goes by a second connection, which is
 * made when it is needed and closed when it is idle. Belongs to one context.
 */
public final class EventStoreClient {

    /** What goes on with each new connection: a subscription. It learns of the end of a connection by its conversation there. */
    public interface Follower {

        /** There is a connection, which may end even while it is used here. */
        void up(EventStoreConnection connection);

        /**
         * There is none, and waiting for one is of no use.
         *
         * @param why UNAUTHENTICATED: our login, or one side's certificate, is refused; SHUTTING_DOWN: the client is closed, and it follows no
         *     longer. Whoever talks on a connection then has heard of it there
         */
        default void shutOut(CallException why) {}
    }

    private final Vertx vertx;
    private final boolean secure;
    private final EventStoreClusterOptions cluster;
    private final ClusterDiscovery discovery;
    private final StoreNodes nodes;
    private final PageSize pages;
    private final ClientPauses pauses;
    private final StandingRefusal refusal = new StandingRefusal(new Random());
    private final NodeLink main;
    /** Null: nobody needs it, or it is the main one. */
    private @Nullable NodeLink leader;

    private int leaderOperations;
    private long leaderTimer = -1;
    private boolean closed;
    private long repeated;

    /** To one endpoint, and the leader that it names. @param states receives the states of the connection */
    public EventStoreClient(
            Vertx vertx, EndpointOptions endpoint, EventStoreClientOptions options, Spi spi, Link.Listener states) {
        this(vertx, endpoint, EventStoreClusterOptions.NONE, options, spi, states);
    }

    /**
     * @param endpoint with a cluster only its TLS and its time limit count, for all nodes
     * @param states receives the states of the main connection
     */
    public EventStoreClient(
            Vertx vertx,
            EndpointOptions endpoint,
            EventStoreClusterOptions cluster,
            EventStoreClientOptions options,
            Spi spi,
            Link.Listener states) {
        this(vertx, endpoint, cluster, options, spi, states, ClientPauses.DEFAULT);
    }

    EventStoreClient(
            Vertx vertx,
            EndpointOptions endpoint,
            EventStoreClusterOptions cluster,
            EventStoreClientOptions options,
            Spi spi,
            Link.Listener states,
            ClientPauses pauses) {
        this.vertx = vertx;
        this.secure = endpoint.tls() != null;
        this.cluster = cluster;
        this.discovery = new ClusterDiscovery(vertx, endpoint, cluster);
        this.nodes = new StoreNodes(vertx, options, endpoint, cluster.allowedNetworks(), spi);
        this.pages = new PageSize(options.maxPackageBytes());
        this.pauses = pauses;
        this.main = link(cluster.preference(), states);
    }

    /** Starts to connect. @return the outcome of the first attempt; the client tries again after a failure */
    public Future<Void> start() {
        return main.start();
    }

    /**
     * Sends an operation as soon as there is a connection. A page that would be too long is asked for with fewer events, so an answer may have
     * fewer than were asked for, and not be the end.
     *
     * @return {@link EventStoreCall#answer}; at the deadline it fails as {@link dev.polywire.core.net.Call} says, or with what the node
     *     has said last
     */
    public Future<EventStoreMessage> send(EventStoreCall call, Repetition repetition) {
        Routing route = new Routing();
        new OperationAttempts(vertx, call, repetition, pages, route).send();
        return call.answer().onComplete(over -> {
            if (over.succeeded()) {
                pages.answered(call.question(), call.answerBytes());
            }
            route.end();
        });
    }

    /** Begins to follow, with the connection that there is, if there is one. */
    public void follow(Follower follower) {
        main.follow(follower);
    }

    /** The same with a connection to the leader: for what only leaders have, persistent subscriptions. */
    public void followLeader(Follower follower) {
        leaderLink().follow(follower);
    }

    /** No longer. */
    public void leave(Follower follower) {
        main.leave(follower);
        if (leader != null) {
            leader.leave(follower);
            leaderMayRest();
        }
    }

    /**
     * A node has said in a conversation that it is not the leader. If it names the leader, those who follow get another connection; the
     * conversations of the first one are lost. Operations do so by themselves.
     *
     * @param named null: it named nobody
     * @return whether another connection follows; else it is asked again later
     */
    public boolean notLeader(EventStoreConnection connection, @Nullable LeaderInfo named) {
        EndpointOptions node = named == null ? null : discovery.named(address(named));
        return node != null && leaderLink(node).moveTo(node, connection);
    }

    /** The node that it is connected to, as text for people; null: none. */
    public @Nullable String node() {
        EventStoreConnection up = main.now();
        return up == null ? null : up.target();
    }

    /** Answers to nobody, or to callers who had given up. */
    public long strayAnswers() {
        return nodes.strayAnswers();
    }

    /** Operations that were sent again, each time. */
    public long repeated() {
        return repeated;
    }

    /** Closes for good: calls in flight fail with the code that applies to each. */
    public Future<Void> close() {
        closed = true;
        main.close();
        closeLeader();
        return nodes.close();
    }

    private @Nullable MemberAddress address(LeaderInfo named) {
        String host = secure ? named.externalSecureTcpAddress() : named.externalTcpAddress();
        Integer port = secure ? named.externalSecureTcpPort() : (Integer) named.externalTcpPort();
        return host == null || host.isEmpty() || port == null || port < 1 || port > 65_535
                ? null
                : new MemberAddress(host, port);
    }

    private NodeLink link(NodePreference preference, Link.Listener states) {
        return new NodeLink(
                vertx, discovery, nodes, preference, pauses.backoffs().get(), refusal, states);
    }

    private NodeLink leaderLink() {
        return leaderLink(null);
    }

    /** @param first where it is dialled first if it is made here; null: where it is found */
    private NodeLink leaderLink(@Nullable EndpointOptions first) {
        if (closed || cluster.preference() == NodePreference.LEADER) {
            return main;
        }
        vertx.cancelTimer(leaderTimer);
        NodeLink up = leader;
        if (up == null) {
            up = link(NodePreference.LEADER, (state, cause) -> {});
            leader = up;
            if (first != null) {
                up.moveTo(first, null);
            }
            up.start();
        }
        return up;
    }

    private void leaderMayRest() {
        vertx.cancelTimer(leaderTimer);
        if (!closed && leader != null && leaderOperations == 0 && !leader.hasFollowers()) {
            leaderTimer = vertx.setTimer(pauses.leaderIdleMillis(), idle -> closeLeader());
        }
    }

    private void closeLeader() {
        vertx.cancelTimer(leaderTimer);
        if (leader != null) {
            leader.close();
            leader = null;
        }
    }

    /** The connections that one operation goes by. */
    private final class Routing implements OperationAttempts.Route {

        private boolean byLeader;

        @Override
        public NodeLink link() {
            return byLeader ? leaderLink() : main;
        }

        @Override
        public boolean toLeader(@Nullable LeaderInfo named, @Nullable EventStoreConnection from) {
            EndpointOptions node = named == null ? null : discovery.named(address(named));
            if (!byLeader) {
                byLeader = true;
                leaderOperations++;
            }
            NodeLink link = leaderLink(node);
            return node != null && link.moveTo(node, from);
        }

        @Override
        public void repeated() {
            repeated++;
        }

        private void end() {
            if (byLeader) {
                leaderOperations--;
                leaderMayRest();
            }
        }
    }
}
