package dev.polywire.eventstore.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.session.EventStoreClient.Follower;
import dev.polywire.eventstore.wire.NodePreference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a connection up to a node of some kind, and moves it where another node is named. */
final class NodeLink {

    private static final long UNREACHABLE_MILLIS = 5_000;
    /** Between two questions for another node: all operations would ask. */
    private static final long RECONSIDER_MILLIS = 1_000;

    private final ClusterDiscovery discovery;
    private final StoreNodes nodes;
    private final NodePreference preference;
    private final Link<EventStoreConnection> link;
    private final Set<Follower> followers = new LinkedHashSet<>();
    /** Where it is dialled next, once. */
    private @Nullable EndpointOptions named;
    /** Where it was dialled last. */
    private @Nullable EndpointOptions at;
    /** Was named and could not be connected to: who names it again does not know better. */
    private @Nullable EndpointOptions unreachable;

    private long unreachableUntilMillis;
    private long reconsiderMillis = Long.MIN_VALUE;

    NodeLink(
            Vertx vertx,
            ClusterDiscovery discovery,
            StoreNodes nodes,
            NodePreference preference,
            Backoff backoff,
            StandingRefusal refusal,
            Link.Listener states) {
        this.discovery = discovery;
        this.nodes = nodes;
        this.preference = preference;
        this.link = new Link<>(vertx, this::dial, backoff, refusal, (state, cause) -> {
            states.state(state, cause);
            if (state == Link.State.READY) {
                // Who was named while another node was dialled may long be wrong when this connection is lost.
                named = null;
                List.copyOf(followers).forEach(this::tell);
            } else {
                shutOut();
            }
        });
    }

    Future<Void> start() {
        return link.start();
    }

    @Nullable
    EventStoreConnection now() {
        return link.now();
    }

    Future<EventStoreConnection> ready(Deadline deadline) {
        return link.ready(deadline);
    }

    void follow(Follower follower) {
        if (link.state() == Link.State.CLOSED) {
            follower.shutOut(closed());
            return;
        }
        followers.add(follower);
        CallException refused = link.refusal();
        if (refused == null) {
            tell(follower);
        } else {
            follower.shutOut(refused);
        }
    }

    void leave(Follower follower) {
        followers.remove(follower);
    }

    boolean hasFollowers() {
        return !followers.isEmpty();
    }

    /**
     * A node has named another one, which is dialled next. The connection to the first one, if it is still the one in use, takes nothing
     * new and ends after its last answer.
     *
     * @param from null: nobody was connected to
     * @return false: the other one could not be connected to a moment ago, or it is the same one
     */
    boolean moveTo(EndpointOptions node, @Nullable EventStoreConnection from) {
        if (node.equals(unreachable) && Monotonic.millis() < unreachableUntilMillis) {
            return false;
        }
        EventStoreConnection up = link.now();
        if (up == null) {
            named = node;
        } else if (up == from) {
            if (node.equals(at)) {
                return false;
            }
            named = node;
            up.retire(CallException.lost(up.target() + " is not the leader, " + node.target() + " is"));
        }
        return true;
    }

    /**
     * The node says for a while that it is not ready: it may have lost its cluster, which goes on without it. Gossip is asked again, and
     * the connection moves if another node is the better one now.
     */
    void reconsider(EventStoreConnection from) {
        long nowMillis = Monotonic.millis();
        if (discovery.isOfCluster() && from == link.now() && nowMillis >= reconsiderMillis) {
            reconsiderMillis = nowMillis + RECONSIDER_MILLIS;
            discovery.find(preference).onSuccess(node -> moveTo(node, from));
        }
    }

    /** Conversations are lost first; who still follows then waits for a connection. */
    void close() {
        link.close();
        List<Follower> last = List.copyOf(followers);
        followers.clear();
        last.forEach(each -> each.shutOut(closed()));
    }

    private static CallException closed() {
        return new CallException(CallException.Reason.SHUTTING_DOWN, "the client is closed");
    }

    private Future<EventStoreConnection> dial() {
        EndpointOptions next = named;
        named = null;
        Future<EndpointOptions> where = next == null ? discovery.find(preference) : Future.succeededFuture(next);
        return where.compose(node -> {
            at = node;
            return nodes.connect(node)
                    .onSuccess(made -> discovery.succeeded(node))
                    .onFailure(cause -> failed(node, node.equals(next)));
        });
    }

    private void failed(EndpointOptions node, boolean wasNamed) {
        discovery.failed(node);
        if (wasNamed) {
            unreachable = node;
            unreachableUntilMillis = Monotonic.millis() + UNREACHABLE_MILLIS;
        }
    }

    private void shutOut() {
        CallException refused = link.refusal();
        if (refused != null) {
            List.copyOf(followers).stream().filter(followers::contains).forEach(each -> each.shutOut(refused));
        }
    }

    private void tell(Follower follower) {
        EventStoreConnection up = link.now();
        if (up != null && followers.contains(follower)) {
            follower.up(up);
        }
    }
}
