package dev.polywire.app;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.EndpointOptions;
import java.util.List;

/**
 * The part of a connector's options that the program uses, for every protocol.
 *
 * @param connections the most that one instance opens or accepts
 * @param options all options, as the connector reads them
 * @param warnings what is allowed, and hardly meant
 */
record Settings(
        ConnectorOptions connector,
        EndpointOptions endpoint,
        int connections,
        Object options,
        List<FieldException> warnings) {

    /** Without warnings. */
    Settings(ConnectorOptions connector, EndpointOptions endpoint, int connections, Object options) {
        this(connector, endpoint, connections, options, List.of());
    }
}
