package dev.polywire.core.bus;

import dev.polywire.testing.Gate;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** What the contract must know of one protocol: a connector with a peer, and a gate between the two. */
public interface Wing extends AutoCloseable {

    /** One request to a service, as anybody on the bus makes it. */
    record Call(String action, JsonObject body) {

        public static Call of(String action) {
            return new Call(action, new JsonObject());
        }
    }

    /** Where the service is. */
    String address();

    /** Deploys the connector. @param settings beside those that the protocol needs. @return the deployment's id */
    String deploy(Vertx vertx, JsonObject settings);

    /** Stands between the connector and its peer. */
    Gate gate();

    /** Succeeds when the peer can be reached, and changes nothing. */
    Call harmless();

    /** Together they cannot all be done while the gate is silent. The connector is connected. */
    List<Call> load(int count);

    /** Names of failures that {@link #load} may have when its connection breaks. */
    Set<String> lost();

    /** Names of failures that {@link #load} may have when its deadline comes in silence. */
    Set<String> late();

    /** Lets the peer have at least {@code count} items for a stream that is opened now or later. */
    void produce(int count);

    /** Opens a stream. */
    Call open();

    @Override
    void close();
}
