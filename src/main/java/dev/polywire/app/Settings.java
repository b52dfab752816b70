package dev.polywire.app;

import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.net.EndpointOptions;

/**
 * What the program knows of a connector's options, whatever its protocol.
 *
 * @param connections the most that one instance opens or accepts
 * @param options all of them, as the connector reads them
 */
record Settings(ConnectorOptions connector, EndpointOptions endpoint, int connections, Object options) {}
