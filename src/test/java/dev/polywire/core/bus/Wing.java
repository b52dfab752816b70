package dev.polywire.core.bus;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** What the contract must know of one protocol. */
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

    /** Succeeds when the peer can be reached, and changes nothing. */
    Call harmless();

    @Override
    void close();
}
