package dev.polywire.core.bus;

import dev.polywire.testing.Gate;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** A connector with a peer that its requests go to, and a gate between the two. */
public interface AskingWing extends Wing {

    /** Stands between the connector and its peer. */
    Gate gate();

    /** Settings that name the gate by another name of its host. */
    default JsonObject at(String host) {
        return new JsonObject().put("host", host);
    }

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
}
