package dev.polywire.app;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.net.EndpointOptions;
import java.util.function.IntUnaryOperator;

/**
 * The part of a connector's options that the program uses, for every protocol.
 *
 * @param ofEach of a number of instances, the most connections that one of them opens or accepts
 * @param options all options, as the connector reads them
 */
record Settings(ConnectorOptions connector, EndpointOptions endpoint, IntUnaryOperator ofEach, Object options) {

    /** The same number for each instance, however many there are. */
    Settings(ConnectorOptions connector, EndpointOptions endpoint, int connections, Object options) {
        this(connector, endpoint, instances -> connections, options);
    }

    /** The most connections that one of so many instances opens or accepts. */
    int connections(int instances) {
        return ofEach.applyAsInt(instances);
    }
}
