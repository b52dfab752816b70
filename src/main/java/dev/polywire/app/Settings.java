package dev.polywire.app;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;

/**
 * The part of a connector's options that the program uses, for every protocol.
 *
 * @param connections the most that each instance opens or accepts
 * @param divided further ones, of each kind the most that all instances together open, at least one each
 * @param options all options, as the connector reads them
 */
record Settings(
        ConnectorOptions connector, EndpointOptions endpoint, int connections, List<Integer> divided, Object options) {

    /** Nothing is divided. */
    Settings(ConnectorOptions connector, EndpointOptions endpoint, int connections, Object options) {
        this(connector, endpoint, connections, List.of(), options);
    }

    /** The most connections that one of so many instances opens or accepts. */
    int connections(int instances) {
        return connections
                + divided.stream()
                        .mapToInt(each -> (each + instances - 1) / instances)
                        .sum();
    }
}
